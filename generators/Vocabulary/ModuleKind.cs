using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Vocabulary;

/// <summary>[Layer&lt;TModule&gt;]: a module of the user's own.</summary>
internal sealed class ModuleKind : LayerKind
{
    public override string Attribute => "Layer";

    public override string ModuleName => "layer";

    // It is given its input in that order, and libtorch's operations keep it.
    public override bool LeavesChannelsFirst(OperationModel layer) => true;

    public override Count Output(OperationModel layer) => layer.Declared.Find("channels") is { } wanted ? layer.Resolve(wanted) : layer.Input;

    public override IEnumerable<NumberRule> Numbers(DeclaredOperation operation) => NumberRule.Whole(operation, "channels", 1);

    public override string ModuleType(OperationModel layer) => $"ModuleLayer<{layer.Declared.Types[0].Code}>";

    public override string Construct(OperationModel layer) =>
        $"new ModuleLayer<{layer.Declared.Types[0].Code}>({Naming.NewModule(layer.Declared.Types[0], layer.Input.Code, Output(layer).Code)}, {Output(layer).Code}, device, dtype)";

    public override string Apply(OperationModel layer, string module, string x) => $"{module}.Apply({x}, execution)";

    public override string Describe(OperationModel layer, Func<Count, string> show) => layer.Declared.Types[0].Name;
}
