namespace Iqt.Diffusion;

/// <summary>A series in a NIfTI file. The file is opened anew for each visit and read in order.</summary>
public sealed class DwiFile : DwiSource
{
    private readonly string _path;

    /// <param name="path">A .nii or .nii.gz file; its header is read now.</param>
    /// <exception cref="NiftiException">Not readable.</exception>
    public DwiFile(string path)
    {
        _path = path;
        using NiftiReader reader = NiftiReader.Open(path);
        Header = reader.Header;
    }

    /// <summary>What the header says.</summary>
    public NiftiHeader Header { get; }

    /// <inheritdoc/>
    public override string Name => _path;

    /// <inheritdoc/>
    public override Grid Grid => Header.Grid;

    /// <inheritdoc/>
    public override int Volumes => Header.Volumes;

    /// <summary>Writes any source as float32, volume by volume; the file appears complete or not at all.</summary>
    /// <exception cref="DataException">The source can't be read or the file can't be written.</exception>
    public static void Write(string path, DwiSource source, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var header = new NiftiHeader { Grid = source.Grid, SeriesSize = source.Volumes > 1 ? [source.Volumes] : [] };
        using NiftiWriter writer = NiftiWriter.Create(path, header);
        source.Visit((volume, values) =>
        {
            writer.WriteVolume(values);
            progress?.Report((volume + 1.0) / source.Volumes);
        }, cancellation);
        writer.Commit();
    }

    /// <inheritdoc/>
    public override void Visit(IReadOnlyList<int> volumes, Action<int, float[]> visit, CancellationToken cancellation = default)
    {
        CheckIndices(volumes);
        using NiftiReader reader = NiftiReader.Open(_path);
        if (reader.Grid != Grid || reader.Volumes != Volumes)
        {
            throw new NiftiException(NiftiFault.Content, _path, $"has changed since it was opened ({reader.Header} instead of {Header}). Don't write to it meanwhile.");
        }

        var values = new float[Grid.Size.Voxels];
        foreach (int volume in volumes)
        {
            while (reader.Position < volume)
            {
                cancellation.ThrowIfCancellationRequested();
                reader.SkipVolume();
            }

            cancellation.ThrowIfCancellationRequested();
            reader.ReadVolume(values);
            visit(volume, values);
        }
    }
}
