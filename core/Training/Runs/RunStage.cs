using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>How far a run came, by its metrics: of a kill between those and the checkpoint, an epoch further than it goes on from.</summary>
/// <param name="Epoch">Its last finished epoch; 0 before the first.</param>
/// <param name="Epochs">Most epochs.</param>
/// <param name="IsFinished">Whether going on would train nothing: all epochs are done, or validation stopped improving.</param>
/// <param name="IsHeld">Whether a process trains it now.</param>
public sealed record RunStage(int Epoch, int Epochs, bool IsFinished, bool IsHeld)
{
    /// <summary>The stage of the run in a folder; null if it holds none, or one whose files say nothing of it.</summary>
    public static RunStage? Of(string folder)
    {
        try
        {
            if (!RunDirectory.Exists(folder))
            {
                return null;
            }

            RunDirectory run = RunDirectory.Open(folder);
            // A copy of the best checkpoint alone can't go on, and says nothing of how it ended.
            bool isCopy = File.Exists(run.BestCheckpoint) && !File.Exists(run.LastCheckpoint);
            return isCopy ? null : Of(run);
        }
        catch (DataException)
        {
            return null;
        }
    }

    private static RunStage Of(RunDirectory run)
    {
        TrainingSettings settings = run.Settings;
        IReadOnlyList<EpochMetrics> finished = run.ReadMetrics();
        TrainingSchedule schedule = finished.Aggregate(
            TrainingSchedule.Start(settings),
            (schedule, epoch) => schedule.Observe(epoch.ValidationLoss, epoch.Epoch, settings));
        int last = finished.Count == 0 ? 0 : finished[^1].Epoch;
        return new RunStage(last, settings.Epochs, last >= settings.Epochs || schedule.ShouldStop(settings), RunLock.IsHeld(run.Folder));
    }

    /// <summary>For example <c>after epoch 7 of 10</c>.</summary>
    public string Place => Epoch == 0 ? "before its first epoch ended" : $"after epoch {Epoch} of {Epochs}";
}
