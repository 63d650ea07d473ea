using Iqt.Diffusion;
using Iqt.Reversible;
using TorchSharp;

namespace Iqt.Training;

/// <summary>A trained network with all that prediction needs; dispose it.</summary>
public sealed class TrainedModel : IDisposable
{
    private readonly torch.Device _device;

    private TrainedModel(Network network, string file, HashedCheckpoint read, PatchGeometry geometry, torch.Device device)
    {
        Network = network;
        File = file;
        Checkpoint = read.Checkpoint;
        Sha256 = read.Sha256;
        Geometry = geometry;
        _device = device;
    }

    /// <summary>The network, on its device, in evaluation mode.</summary>
    public Network Network { get; }

    /// <summary>The checkpoint's file.</summary>
    public string File { get; }

    /// <summary>What it was read from.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>SHA-256 of <see cref="File"/> as it was read: a run that goes on writes others there.</summary>
    public string Sha256 { get; }

    /// <summary>Of its training patches.</summary>
    public PatchGeometry Geometry { get; }

    /// <summary>Reads the best checkpoint of a run, or a checkpoint's file.</summary>
    /// <param name="path">The folder of a run, or a .safetensors file.</param>
    /// <param name="networks">Where the network is found.</param>
    /// <param name="device">The CPU if null.</param>
    /// <exception cref="DataException">Not a run or a checkpoint, or not one of a network that is known here.</exception>
    public static TrainedModel Open(string path, NetworkCatalog networks, torch.Device? device = null)
    {
        RunDirectory? run = Directory.Exists(path) ? RunDirectory.Open(path) : null;
        string file = run?.BestCheckpoint ?? path;
        var read = HashedCheckpoint.Read(file);
        Checkpoint checkpoint = read.Checkpoint;
        Network network;
        try
        {
            network = networks.Find(checkpoint.Network).Create(checkpoint.Hyperparameters, device, torch.ScalarType.Float32);
        }
        catch (ArgumentException error)
        {
            throw new DataException($"{file}: its network can't be built. {error.Message} Name the plugin that declares it (--plugin).", error);
        }

        try
        {
            CheckSource(run, checkpoint, file);
            return Restore(network, read, file, device ?? torch.CPU);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Predicts the HR image; see <see cref="Predictor.Predict"/>.</summary>
    public TensorImage Predict(
        TensorImage image,
        Mask brain,
        Tiling tiling = Tiling.Training,
        int batchSize = 12,
        long memory = SlabPlan.DefaultMemory,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default) =>
        new Predictor(Network, Checkpoint.Normalization, Geometry, _device).Predict(image, brain, tiling, batchSize, memory, progress, cancellation);

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    private static void CheckSource(RunDirectory? run, Checkpoint checkpoint, string file)
    {
        if (run is not null && run.Settings.Network != checkpoint.Network)
        {
            throw new DataException($"{file}: holds weights of {checkpoint.Network}, those of {run.Settings.Network} were expected as in the run's settings.json. Files of two runs are mixed: name the folder of the run that they come from.");
        }
    }

    private static TrainedModel Restore(Network network, HashedCheckpoint read, string file, torch.Device device)
    {
        read.Checkpoint.Restore(network, file);
        network.eval();
        try
        {
            return new TrainedModel(network, file, read, PatchGeometry.Of(network, read.Checkpoint.PatchSize), device);
        }
        catch (ArgumentException error)
        {
            throw new DataException($"{file}: {error.Message} The file is damaged; copy it again.", error);
        }
    }
}
