namespace Iqt.Diffusion;

/// <summary>
/// A brain mask from the mean b=0 volume, where no better one is given: median filter, Otsu's threshold, opening
/// (which cuts the bridges from brain to eyes and scalp), largest connected set, holes filled. It is no skull
/// stripping: it keeps CSF, and tissue that touches the brain broadly may stay.
/// </summary>
public static class BrainMask
{
    /// <summary>Radius of the opening in mm: thicker than the bridges of dura and optic nerve, thinner than a gyrus.</summary>
    public const double OpeningRadius = 4;

    /// <summary>Computes the mask of a series.</summary>
    /// <exception cref="GradientException">No b=0 volume, or counts differ.</exception>
    /// <exception cref="DataException">Nothing was found.</exception>
    public static Mask Compute(DwiSource source, GradientTable gradients, CancellationToken cancellation = default)
    {
        gradients.CheckVolumes(source.Volumes, source.Name);
        int[] baseline = gradients.BaselineVolumes();
        if (baseline.Length == 0)
        {
            throw new GradientException(GradientFault.ShellAbsent, $"{gradients.BValueName}: no volume with b ≤ {GradientTable.BaselineLimit:R} s/mm² was found, at least one was expected to find the brain in. Name a mask.");
        }

        return Compute(source.Mean(baseline, cancellation), source.Name);
    }

    /// <summary>Computes the mask of a mean b=0 volume.</summary>
    /// <param name="baseline">Mean of the b=0 volumes.</param>
    /// <param name="name">The series, for messages.</param>
    /// <exception cref="DataException">Nothing was found.</exception>
    public static Mask Compute(Volume baseline, string name)
    {
        GridSize size = baseline.Grid.Size;
        Volume smooth = MedianFilter.Apply(baseline);
        double threshold = Otsu.Threshold(smooth.Values);
        bool[] bright = Array.ConvertAll(smooth.Values, value => value > threshold);
        (double x, double y, double z) = baseline.Grid.Affine.VoxelSize;
        int steps = Math.Max(1, (int)Math.Round(OpeningRadius / Math.Cbrt(x * y * z)));
        bool[] core = Morphology.LargestComponent(Morphology.Erode(bright, size, steps), size);
        // Grown back only where it was bright, or the mask would swell over the brain's edge.
        for (int step = 0; step < steps; step++)
        {
            core = Intersection(Morphology.Dilate(core, size, 1), bright);
        }

        var mask = new Mask(baseline.Grid, Morphology.FillHoles(core, size));
        return mask.Count > 0
            ? mask
            : throw new DataException($"{name}: no brain was found in the mean b=0 volume (threshold {threshold:G4}, {bright.Count(inside => inside)} voxels above it, none after opening by {steps}), a brain mask was expected. Name a mask.");
    }

    private static bool[] Intersection(bool[] a, bool[] b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            a[i] &= b[i];
        }

        return a;
    }
}
