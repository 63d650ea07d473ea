using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>What rounding does in stacks of a given depth.</summary>
public sealed partial class NetworkCheck
{
    /// <summary>
    /// ‖x̃ − x‖ / ‖x‖ of each stack's reconstructed input; ‖g − g_ref‖ / ‖g_ref‖ over the parameters of each stack and of the whole
    /// network, with stacks inverted: against the same adjoints of stored activations, from which nothing but the inversion
    /// tells them apart, and against one graph in float64, beside the error of one graph in the checked type.
    /// </summary>
    /// <remarks>
    /// The last of these has no tolerance. In float32 any way of computing is within 1e-6 or so of float64, unless rounding turns
    /// the sign of a rectifier's input: then gradients differ by 1e-4 to 1e-2, of one graph as well as of any other mode, and
    /// that is more likely the deeper the network and the larger the batch.
    /// </remarks>
    /// <param name="progress">Gets the part done, 0 to 1.</param>
    public IReadOnlyList<CheckResult> Stacks(IProgress<double>? progress = null)
    {
        using Network network = Randomized();
        List<CheckResult> results = [.. Inversions().Where(result => network.Segments.Any(s => s.Name == result.Subject && s.Kind == SegmentKind.Stack))];
        progress?.Report(0.1);
        Dictionary<string, double> Errors(Dictionary<string, Tensor> gradients, Dictionary<string, Tensor> reference) =>
            gradients.ToDictionary(pair => pair.Key, pair => RelativeDifference(pair.Value, reference[pair.Key]));

        Dictionary<string, Tensor> reversible = ParameterGradients(BackpropagationMode.Reversible, _dtype);
        progress?.Report(0.3);
        Dictionary<string, Tensor> stored = ParameterGradients(BackpropagationMode.Stored, _dtype);
        progress?.Report(0.5);
        Dictionary<string, Tensor> graph = ParameterGradients(BackpropagationMode.SingleGraph, _dtype);
        progress?.Report(0.7);
        Dictionary<string, Tensor> exact = ParameterGradients(BackpropagationMode.SingleGraph, ScalarType.Float64);
        progress?.Report(1);
        results.AddRange(Errors(reversible, stored).Select(error => new CheckResult("gradients against stored activations", error.Key, error.Value, _tolerances.Gradient)));
        Dictionary<string, double> rounding = Errors(graph, exact);
        results.AddRange(Errors(reversible, exact).Select(error => new CheckResult(
            "gradients against float64", error.Key, error.Value, _dtype == ScalarType.Float64 ? _tolerances.Gradient : double.PositiveInfinity)
        {
            OneGraph = rounding[error.Key],
        }));
        foreach (Tensor tensor in new[] { reversible, stored, graph, exact }.SelectMany(gradients => gradients.Values))
        {
            tensor.Dispose();
        }

        Dictionary<string, ScalarType> streams = network.Segments.Where(s => s.Kind == SegmentKind.Stack)
            .ToDictionary(s => s.Name, s => ResidualStreamType.Of(_options?.StreamType, s.Blocks, _dtype));
        ScalarType? common = streams.Values.Distinct().ToArray() is [var only] ? only : null;
        return [.. results.Select(result => result with { Stream = streams.TryGetValue(result.Subject, out ScalarType own) ? own : common })];
    }

    // By stack, and of the whole network under its name.
    private Dictionary<string, Tensor> ParameterGradients(BackpropagationMode mode, ScalarType dtype)
    {
        using Network network = Randomized();
        Tensor[] inputs = Inputs(network);
        network.to(dtype);
        Tensor[] typed = [.. inputs.Select(input => input.to(dtype))];
        using ForwardPass pass = Run(network, typed, mode);
        Tensor[] outputGradients = [.. pass.Outputs.Select((output, i) => Noise(output.shape, stream: 20 + (ulong)i))];
        Tensor[] typedGradients = [.. outputGradients.Select(gradient => gradient.to(dtype))];
        pass.Backward(typedGradients);
        Dictionary<string, Tensor> gradients = [];
        foreach (Segment stack in network.Segments.Where(s => s.Kind == SegmentKind.Stack && s.Blocks > 0))
        {
            gradients[stack.Name] = Gradients(network.SegmentModule(stack.Name)!);
        }

        gradients[network.NetworkName] = Gradients(network);
        foreach (Tensor used in inputs.Concat(typed).Concat(outputGradients).Concat(typedGradients))
        {
            used.Dispose();
        }

        return gradients;
    }

    private static Tensor Gradients(nn.Module module)
    {
        using DisposeScope scope = NewDisposeScope(); // reading grad makes a handle each time
        return Vector([.. module.parameters().Select(p => p.grad ?? zeros_like(p))]).MoveToOuterDisposeScope();
    }
}
