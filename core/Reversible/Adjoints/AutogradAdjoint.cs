using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// The adjoint of one operation without a written-out one (a pooling, a user's module, dropout): the backward pass
/// runs it once more, with a graph of its own. It needs the input only.
/// </summary>
public sealed class AutogradAdjoint
{
    private readonly Func<Tensor, Execution, Tensor> _operation;
    private readonly bool _random;

    /// <param name="operation">Maps [batch, channels, …]; does not change its input.</param>
    /// <param name="random">Whether it draws random numbers, which a repeated run has to draw again.</param>
    public AutogradAdjoint(Func<Tensor, Execution, Tensor> operation, bool random = false)
    {
        _operation = operation;
        _random = random;
    }

    /// <summary>Runs the operation without a graph; the caller disposes the result.</summary>
    public Tensor Forward(Tensor input, Tape tape)
    {
        using IDisposable withoutGraph = no_grad();
        if (!_random)
        {
            return _operation(input, tape.Repeats ? Execution.Repeated : Execution.First);
        }

        if (tape.Note(this) is null)
        {
            tape.Note(this, random.get_rng_state());
            return _operation(input, Execution.First);
        }

        return Replay(() => _operation(input, Execution.Repeated), tape);
    }

    /// <summary>Adds the gradients of the parameters that the operation reads to their <c>grad</c>.</summary>
    /// <param name="input">What <see cref="Forward"/> read.</param>
    /// <param name="gradient">∂L/∂output; only read.</param>
    /// <param name="tape">The tape of that run.</param>
    /// <param name="wantInputGradient">Whether ∂L/∂input is computed.</param>
    /// <returns>∂L/∂input, which the caller disposes, or null.</returns>
    public Tensor? Backward(Tensor input, Tensor gradient, Tape tape, bool wantInputGradient = true)
    {
        using Tensor leaf = input.detach().requires_grad_(wantInputGradient);
        using IDisposable graph = enable_grad();
        using Tensor output = _random
            ? Replay(() => _operation(leaf, Execution.Repeated), tape)
            : _operation(leaf, Execution.Repeated);
        if (output.requires_grad)
        {
            autograd.backward([output], [gradient]);
        }

        return wantInputGradient ? leaf.TakeGradient() : null;
    }

    // Draws what the first run drew, and leaves the generator where it was.
    private Tensor Replay(Func<Tensor> run, Tape tape)
    {
        using Tensor now = random.get_rng_state();
        random.set_rng_state(tape.Note(this)!);
        try
        {
            return run();
        }
        finally
        {
            random.set_rng_state(now);
        }
    }
}
