using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// The structural similarity index (Wang et al. 2004) of volumes: Gaussian window with σ = 1.5 voxels cut at 5 voxels,
/// K1 = 0.01, K2 = 0.03.
/// </summary>
public static class StructuralSimilarity
{
    private const int Radius = 5;
    private const double Deviation = 1.5, K1 = 0.01, K2 = 0.03;

    private static readonly double[] Window = GaussianWindow();

    /// <summary>The mean index over the voxels of a mask; NaN if it has none.</summary>
    /// <param name="first">Any volume.</param>
    /// <param name="second">On the same grid. Beyond the grid both count as zero.</param>
    /// <param name="mask">On the same grid.</param>
    /// <param name="range">Difference between the largest and the smallest value that can occur.</param>
    public static double Mean(Volume first, Volume second, Mask mask, double range)
    {
        if (mask.Count == 0)
        {
            return double.NaN;
        }

        double[] a = Array.ConvertAll(first.Values, value => (double)value), b = Array.ConvertAll(second.Values, value => (double)value);
        GridSize size = first.Grid.Size;
        double[][] inputs = [a, b, Product(a, a), Product(b, b), Product(a, b)];
        var smooth = new double[inputs.Length][];
        Parallel.For(0, inputs.Length, i => smooth[i] = Smooth(inputs[i], size));
        double c1 = K1 * range * (K1 * range), c2 = K2 * range * (K2 * range), sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (mask.Values[i])
            {
                double ma = smooth[0][i], mb = smooth[1][i];
                double va = smooth[2][i] - ma * ma, vb = smooth[3][i] - mb * mb, covariance = smooth[4][i] - ma * mb;
                sum += (2 * ma * mb + c1) * (2 * covariance + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
            }
        }

        return sum / mask.Count;
    }

    private static double[] Product(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x * y)];

    private static double[] Smooth(double[] values, GridSize size)
    {
        foreach ((int stride, int length) in new[] { (1, size.X), (size.X, size.Y), (size.X * size.Y, size.Z) })
        {
            var next = new double[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                int position = i / stride % length;
                int from = Math.Max(-Radius, -position), to = Math.Min(Radius, length - 1 - position);
                double sum = 0;
                for (int step = from; step <= to; step++)
                {
                    sum += Window[step + Radius] * values[i + step * stride];
                }

                next[i] = sum;
            }

            values = next;
        }

        return values;
    }

    private static double[] GaussianWindow()
    {
        double[] weights = [.. Enumerable.Range(-Radius, 2 * Radius + 1).Select(x => Math.Exp(-x * x / (2 * Deviation * Deviation)))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
