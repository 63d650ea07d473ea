namespace Iqt.Diffusion;

/// <summary>
/// A diffusion-weighted series as a stream of volumes: in a file, in memory, or derived from another source. Only
/// one volume need be held at a time.
/// </summary>
public abstract class DwiSource
{
    /// <summary>The file or another name, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>Voxels of one volume and their place.</summary>
    public abstract Grid Grid { get; }

    /// <summary>Number of volumes.</summary>
    public abstract int Volumes { get; }

    /// <summary>Hands over some of the volumes, in the order of the series.</summary>
    /// <param name="volumes">Indices, ascending.</param>
    /// <param name="visit">Gets the index and the values (x fastest). The array is used again for the next volume: copy what is to stay.</param>
    /// <param name="cancellation">Looked at before each volume.</param>
    /// <exception cref="DataException">The data can't be read.</exception>
    public abstract void Visit(IReadOnlyList<int> volumes, Action<int, float[]> visit, CancellationToken cancellation = default);

    /// <summary>Hands over all volumes.</summary>
    /// <exception cref="DataException">The data can't be read.</exception>
    public void Visit(Action<int, float[]> visit, CancellationToken cancellation = default) =>
        Visit([.. Enumerable.Range(0, Volumes)], visit, cancellation);

    /// <summary>The mean of some volumes, such as the b=0 volumes; sums in double.</summary>
    /// <exception cref="DataException">The data can't be read.</exception>
    public Volume Mean(IReadOnlyList<int> volumes, CancellationToken cancellation = default)
    {
        if (volumes.Count == 0)
        {
            throw new ArgumentException("A mean needs at least one volume.", nameof(volumes));
        }

        var sums = new double[Grid.Size.Voxels];
        Visit(volumes, (_, values) =>
        {
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += values[i];
            }
        }, cancellation);
        return new Volume(Grid, Array.ConvertAll(sums, sum => (float)(sum / volumes.Count)));
    }

    /// <summary>Refuses indices that are not ascending or not in the series.</summary>
    protected void CheckIndices(IReadOnlyList<int> volumes)
    {
        for (int i = 0; i < volumes.Count; i++)
        {
            if (volumes[i] < 0 || volumes[i] >= Volumes || (i > 0 && volumes[i] <= volumes[i - 1]))
            {
                throw new ArgumentException($"{Name}: volume {volumes[i]} was asked for; ascending indices from 0 to {Volumes - 1} are expected.", nameof(volumes));
            }
        }
    }
}
