using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Vocabulary;

/// <summary>[Dropout].</summary>
internal sealed class DropoutKind : LayerKind
{
    public override string Attribute => "Dropout";

    public override string ModuleName => "dropout";

    public override IEnumerable<NumberRule> Numbers(DeclaredOperation operation) => NumberRule.Range(operation, "probability", 0, 1);

    // The mask.
    public override GraphMemory Memory => new(Saved.None, Kept: 1);

    public override string ModuleType(OperationModel layer) => "ReplayedDropout";

    public override string Construct(OperationModel layer) => $"new ReplayedDropout({Real(Probability(layer))})";

    public override string Window(OperationModel layer) => "1";

    public override string Apply(OperationModel layer, string module, string x) => $"{module}.Apply({x}, execution)";

    public override string Describe(OperationModel layer, Func<Count, string> show) => $"Dropout {Real(Probability(layer))}";

    private static double Probability(OperationModel layer) => layer.Real("probability", 0.5);
}
