using TorchSharp;
using TorchSharp.Modules;

namespace Iqt.Training;

/// <summary>A run's losses and rates as TensorBoard reads them.</summary>
internal sealed class TensorBoardEvents(string folder)
{
    private SummaryWriter? _writer;

    /// <summary>Adds an epoch.</summary>
    public void Add(EpochMetrics epoch)
    {
        Directory.CreateDirectory(folder);
        _writer ??= torch.utils.tensorboard.SummaryWriter(folder, createRunName: false);
        _writer.add_scalar("loss/training", (float)epoch.TrainingLoss, epoch.Epoch);
        _writer.add_scalar("loss/validation", (float)epoch.ValidationLoss, epoch.Epoch);
        _writer.add_scalar("rate", (float)epoch.LearningRate, epoch.Epoch);
    }

    /// <summary>Begins anew with the given epochs: a kill may have cut an event in two or left one of an epoch that is trained again.</summary>
    public void Rewrite(IEnumerable<EpochMetrics> epochs)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        _writer = null;
        foreach (EpochMetrics epoch in epochs)
        {
            Add(epoch);
        }
    }
}
