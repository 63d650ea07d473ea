using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints.Kernels;

/// <summary>What a normalisation does to each channel: scale·x + shift, as numbers in host memory.</summary>
internal sealed class ChannelParameters
{
    private ChannelParameters(double[] mean, double[] inverse, double[]? weight, double[]? bias)
    {
        (Mean, Inverse) = (mean, inverse);
        Scale = weight is null ? inverse : [.. weight.Zip(inverse, (w, i) => w * i)];
        Shift = [.. mean.Select((m, channel) => (bias?[channel] ?? 0) - (m * Scale[channel]))];
    }

    /// <summary>That x is centred at.</summary>
    public double[] Mean { get; }

    /// <summary>1/√(variance + ε).</summary>
    public double[] Inverse { get; }

    /// <summary>weight/√(variance + ε).</summary>
    public double[] Scale { get; }

    /// <summary>bias − mean·scale.</summary>
    public double[] Shift { get; }

    /// <param name="statistics">[2, channels]: mean and 1/√(variance + ε).</param>
    /// <param name="weight">[channels]; 1 if null.</param>
    /// <param name="bias">[channels]; 0 if null.</param>
    public static ChannelParameters Of<T>(Tensor statistics, Tensor? weight, Tensor? bias)
        where T : unmanaged, INumber<T>
    {
        double[] both = Numbers<T>(statistics);
        int channels = both.Length / 2;
        return new ChannelParameters(both[..channels], both[channels..], weight is null ? null : Numbers<T>(weight), bias is null ? null : Numbers<T>(bias));
    }

    private static double[] Numbers<T>(Tensor tensor)
        where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<T> numbers = MemoryMarshal.Cast<byte, T>(tensor.bytes);
        var copy = new double[numbers.Length];
        for (int i = 0; i < copy.Length; i++)
        {
            copy[i] = double.CreateChecked(numbers[i]);
        }

        return copy;
    }
}
