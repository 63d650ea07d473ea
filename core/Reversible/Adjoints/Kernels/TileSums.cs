using System.Buffers;
using System.Numerics;

namespace Iqt.Reversible.Adjoints.Kernels;

/// <summary>Sums along a tile for each run of tiles. A step makes hundreds of them: they are lent, not made, and go back when disposed.</summary>
/// <typeparam name="T">Of the numbers.</typeparam>
internal sealed class TileSums<T> : IDisposable
    where T : unmanaged, INumber<T>
{
    private readonly int _length;
    private readonly int _width;

    public TileSums(int runs, int width)
    {
        (_length, _width) = (runs * width, width);
        Numbers = ArrayPool<T>.Shared.Rent(_length);
        Array.Clear(Numbers, 0, _length);
    }

    /// <summary>One run behind the other, a tile's width each; longer than all of them.</summary>
    public T[] Numbers { get; }

    /// <summary>All that was added up for each channel.</summary>
    public double[] OfChannels(int channels)
    {
        var sums = new double[channels];
        for (int i = 0; i < _length; i += channels)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                sums[channel] += double.CreateChecked(Numbers[i + channel]);
            }
        }

        return sums;
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<T>.Shared.Return(Numbers);
}
