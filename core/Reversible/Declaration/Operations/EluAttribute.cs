namespace Iqt.Reversible;

/// <summary>The exponential linear unit: x where positive, <paramref name="alpha"/>·(exp(x) − 1) elsewhere.</summary>
/// <param name="alpha">Positive.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class EluAttribute(double alpha = 1.0) : Attribute
{
    /// <summary>The limit on the negative side, with its sign turned.</summary>
    public double Alpha { get; } = alpha;
}
