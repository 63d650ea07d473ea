namespace Iqt.Reversible;

/// <summary>How one layer changes the length of an edge: ⌊(multiplier · size + addend) / divisor⌋ voxels.</summary>
/// <param name="Multiplier">0 where the output's size does not depend on the input's.</param>
/// <param name="Addend">In voxels.</param>
/// <param name="Divisor">At least 1.</param>
public readonly record struct SpatialStep(long Multiplier, long Addend, long Divisor = 1)
{
    /// <summary>Whether the division must leave no remainder: a block that is not whole can't be rearranged.</summary>
    public bool IsExact { get; init; }

    /// <summary>The shortest edge that the layer takes.</summary>
    public long Smallest { get; init; } = 1;

    /// <summary>A convolution or a pooling.</summary>
    public static SpatialStep Window(long kernel, long stride = 1, long padding = 0, long dilation = 1) =>
        new(1, 2 * padding - dilation * (kernel - 1) - 1 + stride, stride);

    /// <summary>A convolution whose padding mirrors the image: the padding is shorter than the image.</summary>
    public static SpatialStep ReflectedWindow(long kernel, long stride = 1, long padding = 0, long dilation = 1) =>
        Window(kernel, stride, padding, dilation) with { Smallest = padding + 1 };

    /// <summary>A 3D mean pooling: libtorch takes no image shorter than the window, whatever the padding.</summary>
    public static SpatialStep WholeWindow(long kernel, long stride = 1, long padding = 0) =>
        Window(kernel, stride, padding) with { Smallest = kernel };

    /// <summary>A transposed convolution.</summary>
    public static SpatialStep TransposedWindow(long kernel, long stride = 1, long padding = 0, long dilation = 1, long outputPadding = 0) =>
        new(stride, dilation * (kernel - 1) + outputPadding + 1 - 2 * padding - stride);

    /// <summary>An interpolation or a shuffle: <paramref name="rate"/> voxels for one.</summary>
    public static SpatialStep Enlargement(long rate) => new(rate, 0);

    /// <summary>A squeeze or an inverse shuffle: one voxel for <paramref name="rate"/>.</summary>
    public static SpatialStep Reduction(long rate) => new(1, 0, rate) { IsExact = true };

    /// <summary>A pooling over the whole image.</summary>
    public static SpatialStep Collapse => new(0, 1);

    /// <summary>A layer that keeps the size but needs a certain one.</summary>
    public static SpatialStep AtLeast(long smallest) => new(1, 0) { Smallest = smallest };

    /// <summary>The output's edge, or 0 if the input's does not fit.</summary>
    public long OutputSize(long size)
    {
        long scaled = Multiplier * size + Addend;
        return size < Smallest || scaled < Divisor || (IsExact && scaled % Divisor != 0) ? 0 : scaled / Divisor;
    }
}
