using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// A residual function or a layer segment with a written-out adjoint. Both run without a graph.
/// </summary>
public interface IAdjointFunction
{
    /// <summary>Runs the function; the caller disposes the result.</summary>
    /// <param name="input">[batch, channels, …]; not changed, and not kept: the caller has it again for the adjoint.</param>
    /// <param name="tape">Takes the notes in the first run, and the activations if it keeps them.</param>
    Tensor Run(Tensor input, Tape tape);

    /// <summary>The adjoint of the last run that kept its activations; adds the parameters' gradients to their <c>grad</c>.</summary>
    /// <param name="input">The same as of that run.</param>
    /// <param name="tape">The tape of that run; its activations are taken as they are read.</param>
    /// <param name="gradient">∂L/∂output; only read.</param>
    /// <param name="wantInputGradient">Whether ∂L/∂input is computed.</param>
    /// <returns>∂L/∂input, which the caller disposes, or null if it is not wanted.</returns>
    Tensor? Backward(Tensor input, Tape tape, Tensor gradient, bool wantInputGradient);
}
