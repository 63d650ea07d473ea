namespace Iqt.Diffusion;

/// <summary>A series held in memory.</summary>
public sealed class DwiSeries : DwiSource
{
    private readonly float[][] _volumes;

    /// <param name="grid">Voxels of one volume and their place.</param>
    /// <param name="volumes">Values of each volume, x fastest; kept, not copied.</param>
    /// <param name="name">For messages.</param>
    public DwiSeries(Grid grid, IEnumerable<float[]> volumes, string name = "series in memory")
    {
        Grid = grid;
        Name = name;
        _volumes = [.. volumes];
        if (_volumes.FirstOrDefault(values => values.Length != grid.Size.Voxels) is { } odd)
        {
            throw new ArgumentException($"A volume of {grid.Size} voxels needs {grid.Size.Voxels} values; {odd.Length} were given.", nameof(volumes));
        }
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override Grid Grid { get; }

    /// <inheritdoc/>
    public override int Volumes => _volumes.Length;

    /// <inheritdoc/>
    public override void Visit(IReadOnlyList<int> volumes, Action<int, float[]> visit, CancellationToken cancellation = default)
    {
        CheckIndices(volumes);
        foreach (int volume in volumes)
        {
            cancellation.ThrowIfCancellationRequested();
            visit(volume, _volumes[volume]);
        }
    }
}
