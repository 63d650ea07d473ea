namespace Iqt.Training;

/// <summary>
/// Cubic B-spline interpolation (Unser 1999): values become coefficients by a recursive filter along each axis, and
/// between voxels four of them are weighted by the B-spline.
/// </summary>
internal static class BSpline
{
    private static readonly double Pole = Math.Sqrt(3) - 2;

    /// <summary>Layers beyond the mask that an image needs: what lies further off has less than 1e-4 of its weight.</summary>
    public const int Reach = 8;

    /// <summary>Weights of the coefficients from one below to two above, for a point t beyond the one at or below it.</summary>
    public static double[] Weights(double t) =>
    [
        (1 - t) * (1 - t) * (1 - t) / 6,
        2.0 / 3 - t * t * (2 - t) / 2,
        2.0 / 3 - (1 - t) * (1 - t) * (1 + t) / 2,
        t * t * t / 6,
    ];

    /// <summary>The place of a coefficient beyond either end: that of its mirror image about the end's voxel centre.</summary>
    public static int Mirror(int place, int length)
    {
        if (length == 1)
        {
            return 0;
        }

        int period = 2 * (length - 1);
        int within = (place % period + period) % period;
        return Math.Min(within, period - within);
    }

    /// <summary>Turns the lines of a volume along one axis into coefficients, in place; the volume is mirrored at its ends (<see cref="Mirror"/>).</summary>
    /// <param name="values">The volume, x fastest.</param>
    /// <param name="stride">Values between neighbours.</param>
    /// <param name="length">Voxels along the axis.</param>
    public static void Prefilter(float[] values, int stride, int length)
    {
        if (length < 2)
        {
            return;
        }

        var line = new double[length];
        for (int start = 0; start < values.Length; start++)
        {
            if (start / stride % length != 0)
            {
                continue;
            }

            for (int i = 0; i < length; i++)
            {
                line[i] = values[start + i * stride];
            }

            Filter(line);
            for (int i = 0; i < length; i++)
            {
                values[start + i * stride] = (float)line[i];
            }
        }
    }

    // A causal and an anticausal recursion; 6 is their gain, and the first sum continues the line by its mirror image, again and
    // again: one period, and the geometric series of the others.
    private static void Filter(double[] line)
    {
        int last = line.Length - 1;
        double sum = line[0], power = Pole;
        for (int i = 1; i < 2 * last && Math.Abs(power) > 1e-12; i++, power *= Pole)
        {
            sum += power * line[i <= last ? i : 2 * last - i];
        }

        line[0] = sum / (1 - Math.Pow(Pole, 2 * last));
        for (int i = 1; i <= last; i++)
        {
            line[i] += Pole * line[i - 1];
        }

        line[last] = Pole / (Pole * Pole - 1) * (line[last] + Pole * line[last - 1]);
        for (int i = last - 1; i >= 0; i--)
        {
            line[i] = Pole * (line[i + 1] - line[i]);
        }

        for (int i = 0; i <= last; i++)
        {
            line[i] *= 6;
        }
    }
}
