namespace Iqt.Diffusion;

/// <summary>What a series holds, and why it can't be used if it can't, from its headers, gradient files and mask.</summary>
/// <param name="Files">The series.</param>
/// <param name="Header">Size, voxels and type; null if it can't be read.</param>
/// <param name="Shells">b=0 and the shells.</param>
/// <param name="TraceVolumes">Weighted volumes without a direction, which are left out.</param>
/// <param name="Notes">What is out of the ordinary but does no harm.</param>
/// <param name="Problem">Why no tensor can be fitted, or null.</param>
public sealed record SeriesInspection(
    SubjectFiles Files,
    NiftiHeader? Header,
    IReadOnlyList<ShellSummary> Shells,
    int TraceVolumes,
    IReadOnlyList<string> Notes,
    string? Problem)
{
    /// <summary>Looks at a series without reading its volumes.</summary>
    /// <param name="files">The series.</param>
    /// <param name="shell">The shell to be fitted.</param>
    /// <param name="factor">The upsampling rate that it is to be prepared for.</param>
    public static SeriesInspection Of(SubjectFiles files, Shell shell, int factor)
    {
        var found = new SeriesInspection(files, null, [], 0, [], null);
        try
        {
            files.CheckThere();
            NiftiHeader header = new DwiFile(files.Dwi).Header;
            found = found with { Header = header };
            GradientTable table = files.Gradients.Read();
            found = found with { Shells = ShellSummary.Of(table), TraceVolumes = table.TraceVolumes().Length };
            table.CheckVolumes(header.Volumes, files.Dwi);
            _ = new DesignMatrix(table.Select(shell.Volumes(table)));
            if (files.Mask is not null)
            {
                BlockMean.Mask(MaskFile.Read(files.Mask, header.Grid), factor, files.Mask);
            }

            return found with { Notes = [.. FindNotes(files, header, found.TraceVolumes, factor)] };
        }
        catch (DataException error)
        {
            return found with { Problem = error.Message };
        }
    }

    /// <summary>Reads every volume to its end, which finds what headers hide: a file that was cut, damaged compression.</summary>
    /// <param name="progress">Gets the part done, 0 to 1.</param>
    /// <param name="cancellation">Looked at before each volume.</param>
    /// <returns>The same, with a <see cref="Problem"/> if the volumes have one.</returns>
    public SeriesInspection ReadVolumes(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (Problem is not null)
        {
            return this;
        }

        try
        {
            var dwi = new DwiFile(Files.Dwi);
            dwi.Visit((volume, _) => progress?.Report((volume + 1.0) / dwi.Volumes), cancellation);
            return this;
        }
        catch (DataException error)
        {
            return this with { Problem = error.Message };
        }
    }

    /// <summary>The same with what its use comes up against, if anything.</summary>
    public SeriesInspection WithProblem(string? problem) => this with { Problem = problem };

    private static IEnumerable<string> FindNotes(SubjectFiles files, NiftiHeader header, int trace, int factor)
    {
        if (files.Mask is null)
        {
            yield return "no mask: one will be computed from the b=0 volumes";
        }

        if (trace > 0)
        {
            yield return $"{trace} trace volumes (b-value without direction) will be left out";
        }

        GridSize dropped = BlockMean.Dropped(header.Grid.Size, factor);
        if (dropped != default)
        {
            yield return $"{header.Grid.Size} is not divisible by {factor}: the last {dropped.X}, {dropped.Y}, {dropped.Z} voxels along the axes will be dropped";
        }
    }
}
