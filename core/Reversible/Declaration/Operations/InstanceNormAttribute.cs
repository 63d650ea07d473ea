namespace Iqt.Reversible;

/// <summary>Normalisation of each channel of each sample by its own mean and variance; keeps no running statistics.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class InstanceNormAttribute : Attribute
{
    /// <summary>Added to the variance before the root is taken.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether a scale and a shift per channel follow.</summary>
    public bool Affine { get; set; } = true;
}
