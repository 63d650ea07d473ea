namespace Iqt.Reversible;

/// <summary>
/// Batch normalisation with a scale and a shift per channel. Its running statistics are updated exactly once
/// a step in every backpropagation mode.
/// </summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class BatchNormAttribute : Attribute
{
    /// <summary>Added to the variance before the root is taken.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Weight of the newest batch in the running statistics.</summary>
    public double Momentum { get; set; } = 0.1;
}
