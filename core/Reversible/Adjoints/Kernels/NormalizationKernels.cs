using System.Numerics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints.Kernels;

/// <summary>
/// Batch normalisation with a rectifier on a dense [voxels, channels] matrix in host memory, one pass over memory each, where
/// tensor operations take three to six. libtorch 2.10's own kernels take several times as long in this order of memory
/// (docs/benchmarks.md). Numbers are float or double: the checks in double go through the same code.
/// </summary>
/// <remarks>The loops are compiled fully at once: before .NET found them hot they took several times as long, and a short run was over.</remarks>
/// <typeparam name="T">Of the matrix.</typeparam>
internal static unsafe class NormalizationKernels<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Mean and variance (÷ voxels) of each channel, [channels]; the caller disposes both.</summary>
    /// <remarks>
    /// One pass, around a mean of few voxels: the sum of squares around a number near the mean loses no digits when the squared
    /// distance from the mean is subtracted. Where a channel's sample turns out to lie more than a standard deviation away, a
    /// second pass goes around the mean itself.
    /// </remarks>
    public static (Tensor Mean, Tensor Variance) Moments(Tensor x)
    {
        var tiles = ChannelTiles.Of<T>(x);
        fixed (byte* p = x.bytes)
        {
            (double[] mean, double[] variance, bool isExact) = MomentsAround(tiles, (T*)p, SampleMean(tiles, (T*)p));
            if (!isExact)
            {
                (mean, variance, _) = MomentsAround(tiles, (T*)p, mean);
            }

            return (tensor(mean, x.dtype), tensor(variance, x.dtype));
        }
    }

    /// <summary>f(scale·x + shift) with f(y) = y for y &gt; 0 and slope·y else; the caller disposes it.</summary>
    public static Tensor Apply(Tensor x, ChannelParameters parameters, double slope)
    {
        var tiles = ChannelTiles.Of<T>(x);
        (T[] scales, T[] shifts, T factor) = (tiles.Repeat<T>(parameters.Scale), tiles.Repeat<T>(parameters.Shift), T.CreateChecked(slope));
        Tensor y = empty_like(x);
        fixed (byte* from = x.bytes, to = y.bytes)
        {
            var source = (T*)from;
            var target = (T*)to;
            tiles.ForEach((_, first, count) => Apply(source + first, target + first, scales, shifts, factor, count));
        }

        return y;
    }

    /// <summary>Means of g and of g·(x − mean) of each channel, where g is ∂L/∂ the argument of f.</summary>
    public static (double[] Gradient, double[] Moment) GradientMoments(Tensor x, Tensor gradient, ChannelParameters parameters, double slope)
    {
        var tiles = ChannelTiles.Of<T>(x);
        (T[] scales, T[] shifts, T factor) = (tiles.Repeat<T>(parameters.Scale), tiles.Repeat<T>(parameters.Shift), T.CreateChecked(slope));
        T[] means = tiles.Repeat<T>(parameters.Mean);
        using TileSums<T> sums = tiles.Sums<T>(), moments = tiles.Sums<T>();
        fixed (byte* from = x.bytes, along = gradient.bytes)
        fixed (T* sumRows = sums.Numbers, momentRows = moments.Numbers)
        {
            var source = (T*)from;
            var dy = (T*)along;
            T* sum = sumRows, moment = momentRows;
            int width = tiles.Width;
            tiles.ForEach((run, first, count) => AddMoments(source + first, dy + first, scales, shifts, means, factor, sum + (run * width), moment + (run * width), count));
        }

        return (tiles.Mean(sums), tiles.Mean(moments));
    }

    /// <summary>scale·g + b·x + c, with g as in <see cref="GradientMoments"/>; the caller disposes it.</summary>
    public static Tensor InputGradient(Tensor x, Tensor gradient, ChannelParameters parameters, double slope, double[] b, double[] c)
    {
        var tiles = ChannelTiles.Of<T>(x);
        (T[] scales, T[] shifts, T factor) = (tiles.Repeat<T>(parameters.Scale), tiles.Repeat<T>(parameters.Shift), T.CreateChecked(slope));
        (T[] bs, T[] cs) = (tiles.Repeat<T>(b), tiles.Repeat<T>(c));
        Tensor dx = empty_like(x);
        fixed (byte* from = x.bytes, along = gradient.bytes, to = dx.bytes)
        {
            var source = (T*)from;
            var dy = (T*)along;
            var target = (T*)to;
            tiles.ForEach((_, first, count) => Map(source + first, dy + first, target + first, scales, shifts, factor, bs, cs, count));
        }

        return dx;
    }

    private static double[] SampleMean(ChannelTiles tiles, T* data)
    {
        var (sum, voxels) = (new double[tiles.Channels], 0);
        foreach (long tile in tiles.Sample())
        {
            (long first, int count) = tiles.Bounds(tile);
            for (int i = 0; i < count; i++)
            {
                sum[i % tiles.Channels] += double.CreateChecked(data[first + i]);
            }

            voxels += count / tiles.Channels;
        }

        return [.. sum.Select(channel => channel / voxels)];
    }

    private static (double[] Mean, double[] Variance, bool IsExact) MomentsAround(ChannelTiles tiles, T* data, double[] centres)
    {
        T[] repeated = tiles.Repeat<T>(centres);
        using TileSums<T> sums = tiles.Sums<T>(), squares = tiles.Sums<T>();
        fixed (T* sumRows = sums.Numbers, squareRows = squares.Numbers)
        {
            T* sum = sumRows, square = squareRows;
            int width = tiles.Width;
            tiles.ForEach((run, first, count) => AddSquares(data + first, repeated, sum + (run * width), square + (run * width), count));
        }

        (double[] mean, double[] variance, bool isExact) = (tiles.Mean(sums), tiles.Mean(squares), true);
        for (int channel = 0; channel < mean.Length; channel++)
        {
            double distance = mean[channel] * mean[channel];
            variance[channel] = Math.Max(0, variance[channel] - distance);
            isExact &= distance <= variance[channel];
            mean[channel] += double.CreateChecked(repeated[channel]); // the rounded centre that was subtracted
        }

        return (mean, variance, isExact);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSquares(T* x, T[] centres, T* sum, T* square, int count)
    {
        fixed (T* centre = centres)
        {
            int i = 0;
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> centred = Vector.Load(x + i) - Vector.Load(centre + i);
                (Vector.Load(sum + i) + centred).Store(sum + i);
                (Vector.Load(square + i) + (centred * centred)).Store(square + i);
            }

            for (; i < count; i++)
            {
                T centred = x[i] - centre[i];
                sum[i] += centred;
                square[i] += centred * centred;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply(T* x, T* y, T[] scales, T[] shifts, T slope, int count)
    {
        var factor = new Vector<T>(slope);
        fixed (T* scale = scales, shift = shifts)
        {
            int i = 0;
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> argument = (Vector.Load(x + i) * Vector.Load(scale + i)) + Vector.Load(shift + i);
                Through(argument, argument, factor).Store(y + i);
            }

            for (; i < count; i++)
            {
                T argument = (x[i] * scale[i]) + shift[i];
                y[i] = Through(argument, argument, slope);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddMoments(T* x, T* dy, T[] scales, T[] shifts, T[] means, T slope, T* sum, T* moment, int count)
    {
        var factor = new Vector<T>(slope);
        fixed (T* scale = scales, shift = shifts, mean = means)
        {
            int i = 0;
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> input = Vector.Load(x + i);
                Vector<T> g = Through(Vector.Load(dy + i), (input * Vector.Load(scale + i)) + Vector.Load(shift + i), factor);
                (Vector.Load(sum + i) + g).Store(sum + i);
                (Vector.Load(moment + i) + (g * (input - Vector.Load(mean + i)))).Store(moment + i);
            }

            for (; i < count; i++)
            {
                T g = Through(dy[i], (x[i] * scale[i]) + shift[i], slope);
                sum[i] += g;
                moment[i] += g * (x[i] - mean[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map(T* x, T* dy, T* dx, T[] scales, T[] shifts, T slope, T[] bs, T[] cs, int count)
    {
        var factor = new Vector<T>(slope);
        fixed (T* scale = scales, shift = shifts, b = bs, c = cs)
        {
            int i = 0;
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            {
                (Vector<T> input, Vector<T> a) = (Vector.Load(x + i), Vector.Load(scale + i));
                Vector<T> g = Through(Vector.Load(dy + i), (input * a) + Vector.Load(shift + i), factor);
                ((g * a) + ((input * Vector.Load(b + i)) + Vector.Load(c + i))).Store(dx + i);
            }

            for (; i < count; i++)
            {
                T g = Through(dy[i], (x[i] * scale[i]) + shift[i], slope);
                dx[i] = (g * scale[i]) + ((x[i] * b[i]) + c[i]);
            }
        }
    }

    // The number itself where the argument of f is positive, else as much of it as the slope says.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Through(Vector<T> number, Vector<T> argument, Vector<T> slope) =>
        Vector.ConditionalSelect(Vector.GreaterThan(argument, Vector<T>.Zero), number, number * slope);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Through(T number, T argument, T slope) => argument > T.Zero ? number : number * slope;
}
