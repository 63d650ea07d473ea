using System.Numerics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints.Kernels;

/// <summary>
/// Batch normalisation with a rectifier on a dense [voxels, channels] matrix in host memory, one pass over memory each, where
/// tensor operations take three to six. libtorch 2.10's own kernels take several times as long in this order of memory
/// (docs/benchmarks.md). Numbers are float or double: the checks in double go through the same code.
/// </summary>
/// <typeparam name="T">Of the matrix.</typeparam>
internal static unsafe class NormalizationKernels<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Mean and variance (÷ voxels) of each channel, [channels]; the caller disposes both.</summary>
    public static (Tensor Mean, Tensor Variance) Moments(Tensor x)
    {
        var tiles = ChannelTiles.Of<T>(x);
        T[][] sums = tiles.Sums<T>();
        fixed (byte* p = x.bytes)
        {
            var data = (T*)p;
            tiles.ForEach((run, first, count) => Add(data + first, sums[run], count));
            Tensor mean = tiles.Mean(sums, x.dtype);
            T[] means = tiles.Tile<T>(mean);
            T[][] squares = tiles.Sums<T>();
            tiles.ForEach((run, first, count) => AddSquares(data + first, means, squares[run], count));
            return (mean, tiles.Mean(squares, x.dtype));
        }
    }

    /// <summary>f(scale·x + shift) with f(y) = y for y &gt; 0 and slope·y else; the caller disposes it.</summary>
    public static Tensor Apply(Tensor x, Tensor scale, Tensor shift, double slope)
    {
        var tiles = ChannelTiles.Of<T>(x);
        (T[] scales, T[] shifts, T factor) = (tiles.Tile<T>(scale), tiles.Tile<T>(shift), T.CreateChecked(slope));
        Tensor y = empty_like(x);
        fixed (byte* from = x.bytes, to = y.bytes)
        {
            var source = (T*)from;
            var target = (T*)to;
            tiles.ForEach((_, first, count) => Apply(source + first, target + first, scales, shifts, factor, count));
        }

        return y;
    }

    /// <summary>Means of g and of g·(x − mean) of each channel, where g is ∂L/∂ the argument of f; the caller disposes both.</summary>
    public static (Tensor Gradient, Tensor Moment) GradientMoments(Tensor x, Tensor gradient, Tensor mean, Tensor scale, Tensor shift, double slope)
    {
        var tiles = ChannelTiles.Of<T>(x);
        (T[] scales, T[] shifts, T[] means, T factor) = (tiles.Tile<T>(scale), tiles.Tile<T>(shift), tiles.Tile<T>(mean), T.CreateChecked(slope));
        (T[][] sums, T[][] moments) = (tiles.Sums<T>(), tiles.Sums<T>());
        fixed (byte* from = x.bytes, along = gradient.bytes)
        {
            var source = (T*)from;
            var dy = (T*)along;
            tiles.ForEach((run, first, count) => AddMoments(source + first, dy + first, scales, shifts, means, factor, sums[run], moments[run], count));
        }

        return (tiles.Mean(sums, x.dtype), tiles.Mean(moments, x.dtype));
    }

    /// <summary>scale·g + b·x + c, with g as in <see cref="GradientMoments"/>; the caller disposes it.</summary>
    public static Tensor InputGradient(Tensor x, Tensor gradient, Tensor scale, Tensor shift, double slope, Tensor b, Tensor c)
    {
        var tiles = ChannelTiles.Of<T>(x);
        (T[] scales, T[] shifts, T factor) = (tiles.Tile<T>(scale), tiles.Tile<T>(shift), T.CreateChecked(slope));
        (T[] bs, T[] cs) = (tiles.Tile<T>(b), tiles.Tile<T>(c));
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

    private static void Add(T* x, T[] sums, int count)
    {
        fixed (T* sum = sums)
        {
            int i = 0;
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            {
                (Vector.Load(sum + i) + Vector.Load(x + i)).Store(sum + i);
            }

            for (; i < count; i++)
            {
                sum[i] += x[i];
            }
        }
    }

    private static void AddSquares(T* x, T[] means, T[] sums, int count)
    {
        fixed (T* sum = sums, mean = means)
        {
            int i = 0;
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> centred = Vector.Load(x + i) - Vector.Load(mean + i);
                (Vector.Load(sum + i) + (centred * centred)).Store(sum + i);
            }

            for (; i < count; i++)
            {
                T centred = x[i] - mean[i];
                sum[i] += centred * centred;
            }
        }
    }

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

    private static void AddMoments(T* x, T* dy, T[] scales, T[] shifts, T[] means, T slope, T[] sums, T[] moments, int count)
    {
        var factor = new Vector<T>(slope);
        fixed (T* scale = scales, shift = shifts, mean = means, sum = sums, moment = moments)
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
