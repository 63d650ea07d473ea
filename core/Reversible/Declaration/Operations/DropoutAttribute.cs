namespace Iqt.Reversible;

/// <summary>In training, zeroes each number with a probability and scales the others by 1/(1 − p). A recomputation in the
/// backward pass draws the same mask.</summary>
/// <param name="probability">p, at least 0 and below 1.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class DropoutAttribute(double probability = 0.5) : Attribute
{
    /// <summary>Probability that a number becomes zero.</summary>
    public double Probability { get; } = probability;
}
