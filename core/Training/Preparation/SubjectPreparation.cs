using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// From a DWI series to HR and LR tensors, as the paper has it: block means of the raw volumes, the tensor fitted
/// afterwards.
/// </summary>
/// <param name="Images">Tensors, masks and patches.</param>
/// <param name="Description">Sources and figures of the fit.</param>
public sealed record SubjectPreparation(SubjectImages Images, SubjectDescription Description)
{
    /// <summary>Prepares one subject in memory; the series is read volume by volume.</summary>
    /// <param name="files">The subject's files.</param>
    /// <param name="settings">What decides the result.</param>
    /// <param name="signalMemory">Bytes for signals, see <see cref="FitOptions.SignalMemory"/>; the result does not depend on it.</param>
    /// <param name="progress">Gets the part done, 0 to 1.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="DataException">The files can't be used.</exception>
    public static SubjectPreparation Of(SubjectFiles files, PreparationSettings settings, long signalMemory, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        (DwiFile source, GradientTable gradients) = files.Open();
        var contents = SourceContents.Of(files);
        FitOptions options = settings.Fit with { SignalMemory = signalMemory };
        Mask mask = files.ReadOrComputeMask(source, gradients, cancellation);
        FitResult high = TensorFit.Fit(source, gradients, mask, options, Part(progress, 0.0, 0.7), cancellation);
        PreparationMemory.Release();
        var coarse = new DownsampledDwi(source, settings.UpsamplingRate);
        Mask coarseMask = BlockMean.Mask(mask, settings.UpsamplingRate);
        FitResult low = TensorFit.Fit(coarse, gradients, coarseMask, options, Part(progress, 0.7, 0.2), cancellation);
        // HR voxels that fill no block have no LR counterpart.
        Grid grid = coarse.Grid.Upsampled(settings.UpsamplingRate);
        var images = new SubjectImages(
            files.Name,
            low.Tensors,
            coarseMask,
            Crop(high.Tensors, grid),
            Crop(mask, grid),
            PatchIndex.Draw(coarseMask, settings.Patches, settings.Seed, files.Name));
        return new SubjectPreparation(images, Describe(files, images, high, contents));
    }

    private static SubjectDescription Describe(SubjectFiles files, SubjectImages images, FitResult fit, SourceContents? contents) => new(
        files.Subject,
        files.Dwi,
        files.Mask,
        images.Brain.Count,
        images.LowResolutionMask.Count,
        fit.Volumes,
        fit.NonPositiveDefinite,
        fit.WithoutSignal,
        fit.ClampedSignals,
        contents);

    private static TensorImage Crop(TensorImage image, Grid grid)
    {
        var cropped = new TensorImage(grid);
        BoxReader.Read(image, new Box(0, 0, 0, grid.Size.X, grid.Size.Y, grid.Size.Z), cropped.Values);
        return cropped;
    }

    private static Mask Crop(Mask mask, Grid grid)
    {
        var inside = new bool[grid.Size.Voxels];
        BoxReader.Read(mask, new Box(0, 0, 0, grid.Size.X, grid.Size.Y, grid.Size.Z), inside);
        return new Mask(grid, inside);
    }

    private static Scaled? Part(IProgress<double>? whole, double start, double length) =>
        whole is null ? null : new Scaled(whole, start, length);

    private sealed class Scaled(IProgress<double> whole, double start, double length) : IProgress<double>
    {
        public void Report(double value) => whole.Report(start + value * length);
    }
}
