using System.Globalization;

namespace Iqt.Training;

/// <summary>
/// What a training needs besides the network to go on as if it had never stopped: the optimiser's state and the
/// schedule. The order of patches and torch's random numbers follow from the seed and the epoch.
/// </summary>
/// <param name="Schedule">After the checkpoint's epoch.</param>
/// <param name="Optimizer">Adam's moments and steps, named after their parameters.</param>
public sealed record ResumptionState(TrainingSchedule Schedule, IReadOnlyList<SafetensorsEntry> Optimizer)
{
    /// <summary>What names of the optimiser's entries begin with.</summary>
    internal const string Prefix = "optimizer.";

    internal static bool Owns(SafetensorsEntry entry) => entry.Name.StartsWith(Prefix, StringComparison.Ordinal);

    internal void AddTo(Dictionary<string, string> metadata)
    {
        metadata["schedule.rate"] = Schedule.Rate.ToString("R", CultureInfo.InvariantCulture);
        metadata["schedule.bestLoss"] = Schedule.BestLoss.ToString("R", CultureInfo.InvariantCulture);
        metadata["schedule.bestEpoch"] = Schedule.BestEpoch.ToString(CultureInfo.InvariantCulture);
        metadata["schedule.epochsWithoutImprovement"] = Schedule.EpochsWithoutImprovement.ToString(CultureInfo.InvariantCulture);
    }

    internal static ResumptionState? Read(SafetensorsFile file, CheckpointMetadata metadata) => metadata.Has("schedule.rate")
        ? new ResumptionState(
            new TrainingSchedule(
                metadata.Number("schedule.rate"),
                metadata.Number("schedule.bestLoss"),
                metadata.Integer("schedule.bestEpoch"),
                metadata.Integer("schedule.epochsWithoutImprovement")),
            [.. file.Entries.Where(Owns)])
        : null;
}
