using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// Means and variances of patches. A voxel counts as often as patches hold it; voxels beyond the image
/// are zero as in the batches.
/// </summary>
public static class NormalizationStatistics
{
    /// <summary>The normalisation of the given patches. Networks are trained under that of the training patches, no others.</summary>
    /// <exception cref="DataException">No patches, or values that are no finite numbers.</exception>
    public static Normalization Of(
        IReadOnlyList<SubjectImages> subjects,
        IReadOnlyList<PatchReference> patches,
        PatchGeometry geometry,
        NormalizationScope scope)
    {
        if (patches.Count == 0)
        {
            throw new DataException("There are no patches, at least one was expected. Use more subjects or patches.");
        }

        return new Normalization(
            scope,
            Collect(patches, geometry.InputSize, scope, patch => (subjects[patch.Subject].LowResolution, subjects[patch.Subject].LowResolutionMask, geometry.InputBox(patch.X, patch.Y, patch.Z))),
            Collect(patches, geometry.OutputSize, scope, patch => (subjects[patch.Subject].HighResolution, subjects[patch.Subject].Brain, geometry.OutputBox(geometry.InputBox(patch.X, patch.Y, patch.Z)))));
    }

    private static Standardization Collect(
        IReadOnlyList<PatchReference> patches,
        int edge,
        NormalizationScope scope,
        Func<PatchReference, (TensorImage Image, Mask Mask, Box Box)> locate)
    {
        int voxels = edge * edge * edge;
        var values = new float[TensorImage.Elements * voxels];
        var inside = new bool[voxels];
        var moments = new Moments(scope == NormalizationScope.PerVoxel ? values.Length : TensorImage.Elements);
        foreach (PatchReference patch in patches)
        {
            (TensorImage image, Mask mask, Box box) = locate(patch);
            BoxReader.Read(image, box, values);
            if (scope == NormalizationScope.PerVoxel)
            {
                for (int i = 0; i < values.Length; i++)
                {
                    moments.Add(i, values[i]);
                }

                continue;
            }

            BoxReader.Read(mask, box, inside);
            for (int i = 0; i < values.Length; i++)
            {
                if (inside[i % voxels])
                {
                    moments.Add(i / voxels, values[i]);
                }
            }
        }

        return moments.Standardization();
    }

    // Sums in double: float32 values of one magnitude leave 29 spare bits, enough for the difference of sums.
    private sealed class Moments(int count)
    {
        private readonly double[] _sums = new double[count];
        private readonly double[] _squares = new double[count];
        private readonly long[] _counts = new long[count];

        public void Add(int i, double value)
        {
            _sums[i] += value;
            _squares[i] += value * value;
            _counts[i]++;
        }

        public Standardization Standardization()
        {
            var means = new float[count];
            var deviations = new float[count];
            for (int i = 0; i < count; i++)
            {
                double mean = _counts[i] == 0 ? 0 : _sums[i] / _counts[i];
                double deviation = _counts[i] == 0 ? 0 : Math.Sqrt(Math.Max(0, _squares[i] / _counts[i] - mean * mean));
                if (!double.IsFinite(mean) || !double.IsFinite(deviation))
                {
                    throw new DataException("The images hold values that are no finite numbers, finite diffusivities were expected. Prepare the data set again.");
                }

                means[i] = (float)mean;
                // A place that never varies (always outside the brain, say) becomes 0, not a division by 0.
                deviations[i] = deviation > 1e-6 * Math.Abs(mean) && (float)deviation > 0 ? (float)deviation : 1;
            }

            return new Standardization(means, deviations);
        }
    }
}
