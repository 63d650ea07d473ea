using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Vocabulary;

/// <summary>[Relu].</summary>
internal sealed class ReluKind : LayerKind
{
    public override string Attribute => "Relu";

    public override string Apply(OperationModel layer, string module, string x) => $"nn.functional.relu({x})";

    public override string ApplyInPlace(OperationModel layer, string x) => $"{x}.relu_();";

    public override AdjointForm Adjoint(OperationModel layer) => AdjointForm.Rectifier;

    public override string Describe(OperationModel layer, Func<Count, string> show) => "ReLU";
}

/// <summary>[LeakyRelu].</summary>
internal sealed class LeakyReluKind : LayerKind
{
    public override string Attribute => "LeakyRelu";

    public override IEnumerable<NumberRule> Numbers(DeclaredOperation operation) => NumberRule.Range(operation, "slope", 0, 1);

    public override string Apply(OperationModel layer, string module, string x) => $"nn.functional.leaky_relu({x}, {Real(Slope(layer))})";

    public override string Describe(OperationModel layer, Func<Count, string> show) => $"LeakyReLU {Real(Slope(layer))}";

    public override AdjointForm Adjoint(OperationModel layer) => AdjointForm.Rectifier;

    public override double Slope(OperationModel layer) => layer.Real("slope", 0.01);
}

/// <summary>[PRelu].</summary>
internal sealed class PReluKind : LayerKind
{
    public override string Attribute => "PRelu";

    public override string ModuleName => "prelu";

    public override string ModuleType(OperationModel layer) => "PReLU";

    public override string Construct(OperationModel layer) => $"nn.PReLU({layer.Input.Code}, device: device, dtype: dtype)";

    public override string Window(OperationModel layer) => "1";

    public override string Apply(OperationModel layer, string module, string x) => $"{module}.call({x})";

    public override string Describe(OperationModel layer, Func<Count, string> show) => "PReLU";
}

/// <summary>[Elu].</summary>
internal sealed class EluKind : LayerKind
{
    public override string Attribute => "Elu";

    public override IEnumerable<NumberRule> Numbers(DeclaredOperation operation) => NumberRule.Range(operation, "alpha", 0, isOpen: true);

    public override string Window(OperationModel layer) => "1";

    public override string Apply(OperationModel layer, string module, string x) => $"nn.functional.elu({x}, {Real(Alpha(layer))})";

    public override string Describe(OperationModel layer, Func<Count, string> show) => $"ELU {Real(Alpha(layer))}";

    private static double Alpha(OperationModel layer) => layer.Real("alpha", 1);
}

/// <summary>A function without settings, one of TorchSharp's.</summary>
internal sealed class FunctionKind(string attribute, string title, string function, GraphMemory memory = default) : LayerKind
{
    public override string Attribute => attribute;

    public override GraphMemory Memory => memory;

    public override string Window(OperationModel layer) => "1";

    public override string Apply(OperationModel layer, string module, string x) => $"nn.functional.{function}({x})";

    public override string Describe(OperationModel layer, Func<Count, string> show) => title;
}

/// <summary>[Softmax].</summary>
internal sealed class SoftmaxKind : LayerKind
{
    public override string Attribute => "Softmax";

    public override GraphMemory Memory => new(Saved.Output);

    public override bool LeavesChannelsFirst(OperationModel layer) => true;

    // Over the channels of one voxel.
    public override string Window(OperationModel layer) => "1";

    public override string Apply(OperationModel layer, string module, string x) => $"nn.functional.softmax({x}, 1)";
}
