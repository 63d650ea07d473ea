using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    /// <param name="code">How the operation is written, which says in a segment of several layers whose fault it is.</param>
    /// <returns>∂L/∂input, which the caller disposes, or null.</returns>
    /// <exception cref="SegmentException">The operation can't be differentiated.</exception>
    public static Tensor? Backward(
        Func<Tensor, Execution, Tensor> operation,
        Tensor input,
        Tensor gradient,
        Tape tape,
        bool wantInputGradient,
        [CallerArgumentExpression(nameof(operation))] string code = "")
    {
        try
        {
            return Differentiate(operation, input, gradient, tape, wantInputGradient);
        }
        catch (Exception error) when (error is ExternalException or SegmentException || error.Source == "TorchSharp")
        {
            throw SegmentException.OfLayer(code, error);
        }
    }

    private static Tensor? Differentiate(Func<Tensor, Execution, Tensor> operation, Tensor input, Tensor gradient, Tape tape, bool wantInputGradient)
    {
        using var buffers = new BufferRestoration();
        using Tensor leaf = input.detach().requires_grad_(wantInputGradient);
        using IDisposable graph = enable_grad();
        using Tensor output = operation(leaf, tape.Execution.Repeated(buffers));
        if (ReferenceEquals(output, leaf))
        {
            throw new SegmentException("it returned its input instead of a new tensor, and whoever frees the one frees the other. Let it return a new tensor.");
        }

        if (output.requires_grad) // not so without parameters where nobody wants the input's gradient
        {
            autograd.backward([output], [gradient]);
        }

        return wantInputGradient ? leaf.TakeGradient() : null;
    }
}
