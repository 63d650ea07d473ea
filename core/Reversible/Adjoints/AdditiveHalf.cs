using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// One half of a RevNet block, half + F(source), and its adjoint (paper, section 2). What the tape keeps decides
/// how: with the activations kept the adjoint reads them, otherwise one repeated run of F gives both them and the
/// half as it was before.
/// </summary>
public static class AdditiveHalf
{
    // a.add(b) makes a temporary Scalar that the collector may finalise during the native call.
    private static readonly Scalar One = 1.0.ToScalar();
    private static readonly object Source = new();

    /// <summary>half += F(source). In place, unless the tape keeps what the other half's function read of it.</summary>
    /// <param name="half">[batch, channels, …].</param>
    /// <param name="function">F.</param>
    /// <param name="source">The other half, of the same shape; not changed.</param>
    /// <param name="tape">F's tape in this block.</param>
    public static void Forward(Activation half, IAdjointFunction function, Activation source, Tape tape)
    {
        using Tensor read = Read(source, tape);
        using Tensor residual = function.Run(read, tape);
        if (tape.KeepsActivations)
        {
            tape.Keep(Source, read);
            half.Replace(add(half, residual, One));
        }
        else
        {
            half.Value.add_(residual, One);
        }
    }

    /// <summary>half −= F(source): the inversion, without a gradient.</summary>
    public static void Invert(Activation half, IAdjointFunction function, Activation source, Tape tape)
    {
        using Tensor read = Read(source, tape);
        using Tensor residual = function.Run(read, tape);
        half.Value.sub_(residual);
    }

    /// <summary>Goes back through half + F(source); F's activations are freed on return.</summary>
    /// <param name="half">The sum; becomes the summand unless the activations are stored, when it isn't read.</param>
    /// <param name="function">F; the gradients of its parameters are added to their <c>grad</c>.</param>
    /// <param name="source">The other half.</param>
    /// <param name="tape">F's tape in this block.</param>
    /// <param name="halfGradient">∂L/∂half, the same for sum and summand; only read.</param>
    /// <param name="sourceGradient">Receives ∂L/∂source through F on top of what it holds.</param>
    /// <param name="wantSourceGradient">False where nobody reads <paramref name="sourceGradient"/> any more.</param>
    public static void Backward(
        Activation half,
        IAdjointFunction function,
        Activation source,
        Tape tape,
        Activation halfGradient,
        Activation sourceGradient,
        bool wantSourceGradient = true)
    {
        if (tape.OnlyInverts)
        {
            if (!tape.IsStored) // stored blocks go back without their halves
            {
                Invert(half, function, source, tape);
            }

            return;
        }

        using Tensor read = tape.IsStored ? tape.Take(Source) : Repeat(half, function, source, tape);
        using Tensor? gradient = function.Backward(read, tape, halfGradient, wantSourceGradient);
        if (gradient is not null)
        {
            sourceGradient.Value.add_(gradient, One);
        }

        tape.EndBackward();
    }

    private static Tensor Repeat(Activation half, IAdjointFunction function, Activation source, Tape tape)
    {
        Tensor read = Read(source, tape);
        try
        {
            tape.BeginRepeat();
            using Tensor residual = function.Run(read, tape);
            half.Value.sub_(residual);
            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    // A residual stream in float64 is read in the type of F.
    private static Tensor Read(Activation source, Tape tape) => source.Value.to(tape.FunctionType ?? source.Value.dtype);
}
