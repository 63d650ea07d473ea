namespace Iqt.Reversible;

/// <summary>
/// How an output's edge length follows from the input's: output = <paramref name="Rate"/> · input −
/// <paramref name="Loss"/>, in voxels.
/// </summary>
public readonly record struct SpatialRelation(int Rate, int Loss)
{
    /// <summary>Output size = input size.</summary>
    public static SpatialRelation Identity => new(1, 0);

    /// <summary>Edge length of the output of an input with the given edge length; not positive if none fits.</summary>
    public long OutputSize(long inputSize) => Rate * inputSize - Loss;

    /// <summary>The smallest edge length that gives an output.</summary>
    public long SmallestInput => Loss / Rate + 1;

    /// <summary>This relation followed by another.</summary>
    public SpatialRelation Then(SpatialRelation next) => new(Rate * next.Rate, next.Rate * Loss + next.Loss);

    /// <summary>A convolution with stride 1.</summary>
    public static SpatialRelation Convolution(int kernel, int padding) => new(1, kernel - 1 - 2 * padding);

    /// <summary>A voxel shuffle.</summary>
    public static SpatialRelation Shuffle(int rate) => new(rate, 0);
}
