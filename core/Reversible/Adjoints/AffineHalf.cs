using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// One half of a block with affine coupling, half · exp(tanh S(source)) + T(source), and its adjoint (RealNVP, Dinh et al.
/// 2017). Tapes decide as in <see cref="AdditiveHalf"/>.
/// </summary>
public static class AffineHalf
{
    private static readonly Scalar One = 1.0.ToScalar();

    /// <summary>Scales and shifts a half. In place, unless the tape keeps what the adjoint reads of it.</summary>
    public static void Forward<TFunction>(Activation half, ScaleAndShift<TFunction> function, Activation source, Tape tape)
        where TFunction : ResidualFunction
    {
        using Tensor read = Read(source, tape);
        using Tensor factor = Factor(function, read, tape);
        using Tensor shift = function.Shift.Run(read, tape.Part("shift"));
        if (tape.KeepsActivations)
        {
            tape.Keep("source", read);
            tape.Keep("half", half);
            tape.Keep("factor", factor);
            half.Replace(half.Value.mul(factor));
        }
        else
        {
            half.Value.mul_(factor);
        }

        half.Value.add_(shift, One);
    }

    /// <summary>The inversion, without a gradient.</summary>
    public static void Invert<TFunction>(Activation half, ScaleAndShift<TFunction> function, Activation source, Tape tape)
        where TFunction : ResidualFunction
    {
        using Tensor read = Read(source, tape);
        using (Tensor shift = function.Shift.Run(read, tape.Part("shift")))
        {
            half.Value.sub_(shift);
        }

        using Tensor factor = Factor(function, read, tape);
        half.Value.div_(factor);
    }

    /// <summary>Goes back through one half. Arguments as in <see cref="AdditiveHalf.Backward"/>, but <paramref name="halfGradient"/> becomes that of the half before the coupling.</summary>
    public static void Backward<TFunction>(
        Activation half,
        ScaleAndShift<TFunction> function,
        Activation source,
        Tape tape,
        Activation halfGradient,
        Activation sourceGradient,
        bool wantSourceGradient = true)
        where TFunction : ResidualFunction
    {
        if (tape.OnlyInverts)
        {
            if (!tape.IsStored) // stored blocks go back without their halves
            {
                Invert(half, function, source, tape);
            }

            return;
        }

        if (!tape.IsStored)
        {
            Repeat(half, function, source, tape);
        }

        using Tensor read = tape.Take("source");
        using Tensor before = tape.Take("half");
        using Tensor factor = tape.Take("factor");
        Tensor dy = halfGradient.Value;
        Add(sourceGradient, function.Shift.Backward(read, tape.Part("shift"), dy, wantSourceGradient));
        using (Tensor scaleGradient = ScaleGradient(before, factor, dy))
        {
            Add(sourceGradient, function.Scale.Backward(read, tape.Part("scale"), scaleGradient, wantSourceGradient));
        }

        dy.mul_(factor);
        tape.EndBackward();
    }

    // factor = exp(tanh s), so ∂factor/∂s = factor · (1 − tanh² s), and tanh s = log factor.
    private static Tensor ScaleGradient(Tensor before, Tensor factor, Tensor dy)
    {
        using Tensor typed = before.to(dy.dtype);
        using Tensor gradient = dy.mul(typed);
        gradient.mul_(factor);
        using Tensor bounded = factor.log();
        bounded.mul_(bounded);
        using Tensor share = bounded.neg();
        share.add_(One, One);
        return gradient.mul(share);
    }

    // The half as it was before, and what the adjoints of S and T read.
    private static void Repeat<TFunction>(Activation half, ScaleAndShift<TFunction> function, Activation source, Tape tape)
        where TFunction : ResidualFunction
    {
        tape.BeginRepeat();
        using Tensor read = Read(source, tape);
        using (Tensor shift = function.Shift.Run(read, tape.Part("shift")))
        {
            half.Value.sub_(shift);
        }

        using Tensor factor = Factor(function, read, tape);
        half.Value.div_(factor);
        tape.Keep("source", read);
        tape.Keep("half", half);
        tape.Keep("factor", factor);
    }

    private static void Add(Activation sum, Tensor? gradient)
    {
        using (gradient)
        {
            if (gradient is not null)
            {
                sum.Value.add_(gradient, One);
            }
        }
    }

    private static Tensor Factor<TFunction>(ScaleAndShift<TFunction> function, Tensor source, Tape tape)
        where TFunction : ResidualFunction
    {
        using Tensor factor = function.Scale.Run(source, tape.Part("scale"));
        using Tensor bounded = factor.tanh();
        return bounded.exp();
    }

    private static Tensor Read(Activation source, Tape tape) => source.Value.to(tape.FunctionType ?? source.Value.dtype);
}
