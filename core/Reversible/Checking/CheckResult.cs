using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>One figure of a check and what it may be.</summary>
/// <param name="Property">What was compared, for example <c>gradients</c>.</param>
/// <param name="Subject">The mode or the stack it was measured on.</param>
/// <param name="Error">The figure: a relative difference, as <see cref="NetworkCheck"/> says for each property.</param>
/// <param name="Tolerance">What it may be; infinite where it is only told.</param>
public sealed record CheckResult(string Property, string Subject, double Error, double Tolerance)
{
    /// <summary>The same figure of one autograd graph in the same type, where it was measured.</summary>
    public double? OneGraph { get; init; }

    /// <summary>Type of the stack's residual stream, where depth decides it; null where stacks differ in it or none is meant.</summary>
    public ScalarType? Stream { get; init; }

    /// <summary>Where a figure that does not hold is worst: the parameter whose gradient is furthest off, or the input.</summary>
    public string? Where { get; init; }

    /// <summary>Of an inversion that does not hold: the most that rounding explains, as the inversion answers to a moved output; null elsewhere.</summary>
    public double? Rounding { get; init; }

    /// <summary>Whether it is an inversion that does not hold, and rounding explains it.</summary>
    public bool IsRounding => Error <= Rounding;

    /// <summary>Whether the figure is a number within the tolerance.</summary>
    public bool Holds => Error <= Tolerance;

    /// <summary>The same figure, said of another subject.</summary>
    public CheckResult Of(string subject) => this with { Subject = subject };
}
