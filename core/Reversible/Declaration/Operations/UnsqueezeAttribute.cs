namespace Iqt.Reversible;

/// <summary>Depth to space: the inverse of <see cref="SqueezeAttribute"/>.</summary>
/// <param name="rate">Edge r of the block, at least 2.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class UnsqueezeAttribute(int rate = 2) : Attribute
{
    /// <summary>Edge of the block.</summary>
    public int Rate { get; } = rate;
}
