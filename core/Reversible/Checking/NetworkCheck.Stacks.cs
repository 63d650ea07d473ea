using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>What rounding does in stacks of a given depth.</summary>
public sealed partial class NetworkCheck
{
    /// <summary>
    /// ‖x̃ − x‖ / ‖x‖ of each stack's reconstructed input; ‖g − g_ref‖ / ‖g_ref‖ over the parameters of each stack and of the whole
    /// network, with stacks inverted, against the same adjoints of stored activations and against one graph, whose kernels round
    /// in another order.
    /// </summary>
    public IReadOnlyList<CheckResult> Stacks()
    {
        using Network network = Randomized();
        List<CheckResult> results = [.. Inversions().Where(result => network.Segments.Any(s => s.Name == result.Subject && s.Kind == SegmentKind.Stack))];
        Dictionary<string, Tensor> own = ParameterGradients(BackpropagationMode.Reversible);
        foreach (BackpropagationMode mode in new[] { BackpropagationMode.Stored, BackpropagationMode.SingleGraph })
        {
            Dictionary<string, Tensor> reference = ParameterGradients(mode);
            string property = $"gradients against {mode}";
            results.AddRange(own.Select(pair => new CheckResult(property, pair.Key, RelativeDifference(pair.Value, reference[pair.Key]), _tolerances.Gradient)));
            Dispose(reference);
        }

        Dispose(own);
        return results;
    }

    // By stack, and of the whole network under its name.
    private Dictionary<string, Tensor> ParameterGradients(BackpropagationMode mode)
    {
        using Network network = Randomized();
        Tensor[] inputs = Inputs(network);
        using ForwardPass pass = Run(network, inputs, mode);
        Tensor[] outputGradients = [.. pass.Outputs.Select((output, i) => Noise(output.shape, stream: 20 + (ulong)i))];
        pass.Backward(outputGradients);
        Dictionary<string, Tensor> gradients = [];
        foreach (Segment stack in network.Segments.Where(s => s.Kind == SegmentKind.Stack && s.Blocks > 0))
        {
            gradients[stack.Name] = Gradients(network.SegmentModule(stack.Name)!);
        }

        gradients[network.NetworkName] = Gradients(network);
        foreach (Tensor used in inputs.Concat(outputGradients))
        {
            used.Dispose();
        }

        return gradients;
    }

    private static Tensor Gradients(nn.Module module) => Vector([.. module.parameters().Select(p => p.grad ?? zeros_like(p))]);

    private static void Dispose(Dictionary<string, Tensor> tensors)
    {
        foreach (Tensor tensor in tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
