using System.Globalization;

namespace Iqt.Training;

/// <summary>
/// What a training needs besides the network to go on as if it had never stopped: the optimiser's state and the
/// schedule. The order of patches and torch's random numbers follow from the seed and the epoch.
/// </summary>
/// <param name="Schedule">After the checkpoint's epoch.</param>
/// <param name="Optimizer">Adam's moments and steps, named after their parameters.</param>
/// <param name="Data"><see cref="TrainingData.Fingerprint"/> of what it was trained on.</param>
public sealed record ResumptionState(TrainingSchedule Schedule, IReadOnlyList<SafetensorsEntry> Optimizer, string Data)
{
    /// <summary>What names of the optimiser's entries begin with.</summary>
    internal const string Prefix = "optimizer.";

    /// <summary>
    /// Says that what goes on is this Adam: with the state of another one weights would end otherwise than those of an
    /// unbroken run.
    /// </summary>
    internal const string CurrentFormat = "flat-adam-1";

    private const string FormatKey = "resumption";
    private const string ValidationKey = "validationData";

    /// <summary><see cref="TrainingData.ValidationFingerprint"/> of what it was trained on; null in files of versions that knew none.</summary>
    public string? ValidationData { get; init; }

    /// <summary>Which optimiser's state it is; "unnamed" in files of versions that had one optimiser only.</summary>
    internal string Format { get; init; } = CurrentFormat;

    internal static bool Owns(SafetensorsEntry entry) => entry.Name.StartsWith(Prefix, StringComparison.Ordinal);

    internal void AddTo(Dictionary<string, string> metadata)
    {
        metadata[FormatKey] = Format;
        metadata["data"] = Data;
        if (ValidationData is { } validation)
        {
            metadata[ValidationKey] = validation;
        }

        metadata["schedule.rate"] = Schedule.Rate.ToString("R", CultureInfo.InvariantCulture);
        metadata["schedule.bestLoss"] = Schedule.BestLoss.ToString("R", CultureInfo.InvariantCulture);
        metadata["schedule.bestEpoch"] = Schedule.BestEpoch.ToString(CultureInfo.InvariantCulture);
        metadata["schedule.epochsWithoutImprovement"] = Schedule.EpochsWithoutImprovement.ToString(CultureInfo.InvariantCulture);
    }

    // A file of another version is still a network that predicts: only going on with it is refused, where it is asked for.
    internal static ResumptionState? Read(SafetensorsFile file, CheckpointMetadata metadata) => metadata.Has("schedule.rate")
        ? new ResumptionState(
            new TrainingSchedule(
                metadata.Number("schedule.rate"),
                metadata.Number("schedule.bestLoss"),
                metadata.Integer("schedule.bestEpoch"),
                metadata.Integer("schedule.epochsWithoutImprovement")),
            [.. file.Entries.Where(Owns)],
            metadata.Has("data") ? metadata.Text("data") : "")
        {
            ValidationData = metadata.Has(ValidationKey) ? metadata.Text(ValidationKey) : null,
            Format = metadata.Has(FormatKey) ? metadata.Text(FormatKey) : "unnamed",
        }
        : null;
}
