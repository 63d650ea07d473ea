namespace Iqt.Reversible;

/// <summary>Normalisation of groups of channels of each sample (Wu and He 2018), with a scale and a shift per channel.</summary>
/// <param name="groups">Number of groups; divides the channels.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class GroupNormAttribute(int groups) : Attribute
{
    /// <summary>Number of groups.</summary>
    public int Groups { get; } = groups;

    /// <summary>Added to the variance before the root is taken.</summary>
    public double Epsilon { get; set; } = 1e-5;
}
