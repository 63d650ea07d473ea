namespace Iqt.Diffusion;

/// <summary>
/// A series downsampled by block means of its raw volumes, on the fly: one HR and one LR volume are held.
/// </summary>
public sealed class DownsampledDwi : DwiSource
{
    private readonly DwiSource _source;

    /// <param name="source">The HR series.</param>
    /// <param name="factor">r: voxels of the source along an edge of a block.</param>
    /// <exception cref="DataException">The image has no whole block.</exception>
    public DownsampledDwi(DwiSource source, int factor)
    {
        _source = source;
        Factor = factor;
        Grid = BlockMean.Grid(source.Grid, factor, source.Name);
        Dropped = BlockMean.Dropped(source.Grid.Size, factor);
    }

    /// <summary>r.</summary>
    public int Factor { get; }

    /// <summary>HR voxels at the end of each axis that fill no block and were dropped.</summary>
    public GridSize Dropped { get; }

    /// <inheritdoc/>
    public override string Name => $"{_source.Name} (downsampled by {Factor})";

    /// <inheritdoc/>
    public override Grid Grid { get; }

    /// <inheritdoc/>
    public override int Volumes => _source.Volumes;

    /// <inheritdoc/>
    public override void Visit(IReadOnlyList<int> volumes, Action<int, float[]> visit, CancellationToken cancellation = default)
    {
        var means = new float[Grid.Size.Voxels];
        _source.Visit(volumes, (volume, values) =>
        {
            BlockMean.Apply(values, _source.Grid.Size, Factor, means);
            visit(volume, means);
        }, cancellation);
    }
}
