using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Gradients of every mode against one graph's.</summary>
public sealed partial class NetworkCheck
{
    /// <summary>
    /// ‖g − g_ref‖ / ‖g_ref‖ over the parameters and the input, in each mode; and over the parameters alone where the input's are not
    /// asked for, as in training, if that is more: the first layers' adjoints are others then.
    /// </summary>
    public IReadOnlyList<CheckResult> Gradients()
    {
        using Tensor reference = Gradient(BackpropagationMode.SingleGraph, wantInputGradients: true);
        return [.. Compared.Select(mode =>
        {
            using Tensor gradient = Gradient(mode, wantInputGradients: true), inTraining = Gradient(mode, wantInputGradients: false);
            using Tensor expected = reference.narrow(0, 0, inTraining.numel());
            double error = RelativeDifference(gradient, reference);
            if (inTraining.numel() > 0)
            {
                error = Math.Max(error, RelativeDifference(inTraining, expected));
            }

            var result = new CheckResult("gradients", mode.ToString(), error, _tolerances.Gradient);
            return result.Holds ? result : result with { Where = Furthest(gradient, reference) };
        })];
    }

    // All gradients, the inputs' last if they are wanted, as one vector.
    private Tensor Gradient(BackpropagationMode mode, bool wantInputGradients)
    {
        using Network network = Randomized();
        Tensor[] inputs = Inputs(network);
        using ForwardPass pass = Run(network, inputs, mode);
        Tensor[] outputGradients = [.. pass.Outputs.Select((output, i) => Noise(output.shape, stream: 20 + (ulong)i))];
        IReadOnlyList<Tensor> inputGradients = pass.Backward(outputGradients, wantInputGradients);
        using DisposeScope scope = NewDisposeScope();
        using Tensor nothing = empty(0, dtype: _dtype, device: _device); // of a network without parameters
        Tensor gradient = Vector([nothing, .. network.parameters().Select(p => p.grad ?? zeros_like(p)), .. inputGradients]);
        foreach (Tensor used in inputs.Concat(outputGradients).Concat(inputGradients))
        {
            used.Dispose();
        }

        return gradient.MoveToOuterDisposeScope();
    }

    // Of vectors made by Gradient: the parameter that is furthest off for its size, or the input.
    private string Furthest(Tensor gradient, Tensor reference)
    {
        using Network network = Randomized();
        long at = 0;
        (string Name, double Error) furthest = ("the input", 0);
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            long length = parameter.numel();
            using Tensor own = gradient.narrow(0, at, length), expected = reference.narrow(0, at, length);
            double error = RelativeDifference(own, expected);
            furthest = error > furthest.Error ? (name, error) : furthest;
            at += length;
        }

        using Tensor ownRest = gradient.narrow(0, at, gradient.numel() - at), expectedRest = reference.narrow(0, at, gradient.numel() - at);
        return RelativeDifference(ownRest, expectedRest) > furthest.Error ? "the input" : furthest.Name;
    }
}
