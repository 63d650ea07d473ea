using System.Globalization;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>How many subjects are prepared at once, and how much of their signals each holds.</summary>
/// <param name="Jobs">Subjects at once.</param>
/// <param name="SignalMemory">Bytes for the signals of each; what does not fit is read in several passes.</param>
/// <param name="Peak">The bytes that the process stays within.</param>
public sealed record PreparationPlan(int Jobs, long SignalMemory, long Peak)
{
    // The runtime, its libraries and what its collector has not yet given back.
    private const long Runtime = 250_000_000;

    // Per HR voxel, at the fullest moment: tensors and their cropped copy (48), S0 and two volumes on their way (12),
    // sums of the mask's computation (8), masks and indices (8), LR images (an eighth of 40 and more).
    private const long BytesPerVoxel = 84;

    // A brain fills a quarter to a third of an image's voxels; a smaller share of the signals means several passes.
    private const double BrainShare = 1 / 3.0;

    // Below this the number of passes would make a subject take hours.
    private const long LeastSignals = 32_000_000;

    /// <summary>The largest number of subjects at once whose signals can be held whole; one at a time if none can.</summary>
    /// <exception cref="DataException">Not even one subject fits.</exception>
    internal static PreparationPlan Of(IEnumerable<SubjectFiles> subjects, PreparationSettings settings, PreparationLimits limits)
    {
        long images = 0, signals = 0;
        string largest = "";
        foreach (SubjectFiles files in subjects)
        {
            if (Measure(files, settings) is var (voxels, volumes))
            {
                long ofImages = voxels * BytesPerVoxel, ofSignals = (long)(voxels * volumes * sizeof(float) * BrainShare);
                if (ofImages + ofSignals > images + signals)
                {
                    (images, signals, largest) = (ofImages, ofSignals, files.Name);
                }
            }
        }

        int jobs = Math.Max(limits.Jobs, 1);
        while (jobs > 1 && Share(limits, jobs) < images + signals)
        {
            jobs--;
        }

        long left = Share(limits, jobs) - images;
        if (left < Math.Min(signals, LeastSignals))
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"subject {largest}: needs about {(Runtime + images + LeastSignals) / 1e9:F1} GB, {limits.Memory / 1e9:F1} GB were given. Give more with --memory."));
        }

        return new PreparationPlan(jobs, Math.Max(left, LeastSignals), limits.Memory);
    }

    private static long Share(PreparationLimits limits, int jobs) => (limits.Memory - Runtime) / jobs;

    /// <summary>Voxels and volumes to be fitted; null where the files can't be read, which preparing them will say.</summary>
    private static (long Voxels, long Volumes)? Measure(SubjectFiles files, PreparationSettings settings)
    {
        try
        {
            (DwiFile dwi, GradientTable gradients) = files.Open();
            return (dwi.Grid.Size.Voxels, settings.Fit.Shell!.Volumes(gradients).Length);
        }
        catch (DataException)
        {
            return null;
        }
    }
}
