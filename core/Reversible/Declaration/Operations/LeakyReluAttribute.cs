namespace Iqt.Reversible;

/// <summary>The leaky rectified linear unit: x where positive, <paramref name="slope"/>·x elsewhere.</summary>
/// <param name="slope">Slope of the negative side, at least 0 and below 1.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class LeakyReluAttribute(double slope = 0.01) : Attribute
{
    /// <summary>Slope of the negative side.</summary>
    public double Slope { get; } = slope;
}
