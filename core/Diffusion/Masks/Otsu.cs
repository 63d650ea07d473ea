namespace Iqt.Diffusion;

/// <summary>Otsu's threshold (1979): the one that parts values into two classes of greatest distance.</summary>
public static class Otsu
{
    private const int Bins = 256;

    // A few very bright voxels (CSF, eyes, spikes) would otherwise squeeze all tissue into the lowest bins.
    private const double UpperQuantile = 0.995;

    /// <summary>The threshold; values above it are the bright class. NaN if all values are alike or none is finite.</summary>
    public static double Threshold(ReadOnlySpan<float> values)
    {
        float[] sorted = [.. values.ToArray().Where(float.IsFinite).Order()];
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        double low = sorted[0], high = sorted[(int)(UpperQuantile * (sorted.Length - 1))];
        if (high <= low)
        {
            high = sorted[^1];
        }

        if (high <= low)
        {
            return double.NaN;
        }

        var counts = new double[Bins];
        foreach (float value in sorted)
        {
            counts[Math.Clamp((int)((value - low) / (high - low) * Bins), 0, Bins - 1)]++;
        }

        return low + (BestSplit(counts) + 1) * (high - low) / Bins;
    }

    /// <summary>The last bin of the dark class; the middle one where a gap makes several equally good.</summary>
    private static double BestSplit(double[] counts)
    {
        double total = counts.Sum(), totalMoment = counts.Select((count, bin) => count * bin).Sum();
        double dark = 0, darkMoment = 0, best = -1, first = 0, last = 0;
        for (int bin = 0; bin < Bins - 1; bin++)
        {
            dark += counts[bin];
            darkMoment += counts[bin] * bin;
            double bright = total - dark;
            if (dark == 0 || bright == 0)
            {
                continue;
            }

            double distance = darkMoment / dark - (totalMoment - darkMoment) / bright;
            double between = dark * bright * distance * distance;
            if (between > best * (1 + 1e-12))
            {
                (best, first) = (between, bin);
                last = bin;
            }
            else if (between >= best * (1 - 1e-12))
            {
                last = bin;
            }
        }

        return (first + last) / 2;
    }
}
