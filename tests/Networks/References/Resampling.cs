using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>Interpolation and padding, axis by axis from the definitions.</summary>
internal static class Resampling
{
    public static Tensor Nearest(Tensor input, int rate) =>
        Axes(input).Aggregate(input, (x, axis) => x.repeat_interleave(rate, axis));

    /// <summary>To twice the size, without aligned corners: new voxels lie a quarter of a voxel beside the old ones.</summary>
    public static Tensor LinearTwice(Tensor input) => Axes(input).Aggregate(input, (x, axis) =>
    {
        int size = (int)x.shape[axis];
        Tensor near = x.mul(0.75);
        Tensor left = Reference.Add(near, Select(x, axis, i => Math.Max(i - 1, 0), size).mul(0.25));
        Tensor right = Reference.Add(near, Select(x, axis, i => Math.Min(i + 1, size - 1), size).mul(0.25));
        return stack([left, right], axis + 1).flatten(axis, axis + 1);
    });

    /// <summary>Mirrors at the outermost voxels, which are not repeated.</summary>
    public static Tensor Reflect(Tensor input, int padding) => Axes(input).Aggregate(input, (x, axis) =>
    {
        int size = (int)x.shape[axis];
        return Select(x, axis, i => i < padding ? padding - i : i >= size + padding ? 2 * (size - 1) - (i - padding) : i - padding, size + 2 * padding);
    });

    /// <summary>Repeats the outermost voxels.</summary>
    public static Tensor Replicate(Tensor input, int padding) => Axes(input).Aggregate(input, (x, axis) =>
        Select(x, axis, i => Math.Clamp(i - padding, 0, (int)x.shape[axis] - 1), (int)x.shape[axis] + 2 * padding));

    private static Tensor Select(Tensor x, int axis, Func<int, int> source, int length) =>
        x.index_select(axis, tensor(Enumerable.Range(0, length).Select(i => (long)source(i)).ToArray()));

    private static IEnumerable<int> Axes(Tensor input) => Enumerable.Range(2, input.shape.Length - 2);
}
