namespace Iqt.Diffusion.Phantom;

/// <summary>
/// The diffusion-weighted series of a phantom. Volumes are computed when visited, so that memory is the
/// compartments and one volume, whatever their number. Voxels outside the head are zero, as in HCP's
/// preprocessed data.
/// </summary>
public sealed class PhantomDwi : DwiSource
{
    private const int VoxelsPerTask = 2048;

    private readonly CompartmentImage _image;
    private readonly SignalModel _signals;
    private readonly RicianNoise? _noise;
    private readonly float[]? _gains;
    private readonly int _threads;

    internal PhantomDwi(string name, Grid grid, CompartmentImage image, RicianNoise? noise, float[]? gains, int threads)
    {
        Name = name;
        Grid = grid;
        _image = image;
        _signals = new SignalModel(HcpScheme.Table);
        _noise = noise;
        _gains = gains;
        _threads = threads;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override Grid Grid { get; }

    /// <inheritdoc/>
    public override int Volumes => _signals.Volumes;

    /// <inheritdoc/>
    public override void Visit(IReadOnlyList<int> volumes, Action<int, float[]> visit, CancellationToken cancellation = default)
    {
        CheckIndices(volumes);
        var values = new float[Grid.Size.Voxels];
        foreach (int volume in volumes)
        {
            Compute(volume, values, cancellation);
            visit(volume, values);
        }
    }

    private void Compute(int volume, float[] values, CancellationToken cancellation)
    {
        int[] voxels = _image.Voxels;
        int tasks = (voxels.Length + VoxelsPerTask - 1) / VoxelsPerTask;
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = _threads };
        Parallel.For(0, tasks, parallel, task =>
        {
            int end = Math.Min((task + 1) * VoxelsPerTask, voxels.Length);
            for (int i = task * VoxelsPerTask; i < end; i++)
            {
                float signal = _signals.Signal(_image[i], volume) * (_gains?[i] ?? 1);
                values[voxels[i]] = _noise?.Measure(signal, voxels[i], volume) ?? signal;
            }
        });
    }
}
