using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// The adjoint of an operation without a written-out one (a pooling, a user's module): the backward pass runs it once more,
/// with a graph around this one operation.
/// </summary>
public static class OperationAdjoint
{
    /// <summary>Adds the gradients of the operation's parameters to their <c>grad</c>.</summary>
    /// <param name="operation">Does not change its input.</param>
    /// <param name="input">What it was applied to.</param>
    /// <param name="gradient">∂L/∂output; only read.</param>
    /// <param name="tape">The tape of that run.</param>
    /// <param name="wantInputGradient">Whether ∂L/∂input is computed.</param>
    /// <returns>∂L/∂input, which the caller disposes, or null.</returns>
    public static Tensor? Backward(Func<Tensor, Execution, Tensor> operation, Tensor input, Tensor gradient, Tape tape, bool wantInputGradient)
    {
        using var buffers = new BufferRestoration();
        using Tensor leaf = input.detach().requires_grad_(wantInputGradient);
        using IDisposable graph = enable_grad();
        using Tensor output = operation(leaf, tape.Execution.Repeated(buffers));
        if (ReferenceEquals(output, leaf))
        {
            throw new SegmentException("A layer's operation returned its input instead of a new tensor: whoever frees the one frees the other. Let it return a copy, or write it as an operation in place.");
        }

        if (output.requires_grad) // not so without parameters where nobody wants the input's gradient
        {
            autograd.backward([output], [gradient]);
        }

        return wantInputGradient ? leaf.TakeGradient() : null;
    }
}
