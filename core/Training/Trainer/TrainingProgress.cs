namespace Iqt.Training;

/// <summary>Where a training stands, reported after every step and every epoch.</summary>
/// <param name="Epoch">The current one, from 1.</param>
/// <param name="Epochs">Most epochs.</param>
/// <param name="Step">Steps done in this epoch.</param>
/// <param name="Steps">Steps an epoch.</param>
/// <param name="Loss">Of the last step.</param>
/// <param name="Elapsed">Since the training began.</param>
/// <param name="Remaining">At most, by the mean so far; less if training stops early.</param>
/// <param name="CompletedEpoch">The epoch's figures, in the report after its validation; else null.</param>
public sealed record TrainingProgress(
    int Epoch,
    int Epochs,
    int Step,
    int Steps,
    double Loss,
    TimeSpan Elapsed,
    TimeSpan Remaining,
    EpochMetrics? CompletedEpoch)
{
    /// <summary>In the report after the first step: the segments that no gradient reached, so that they learn nothing.</summary>
    public IReadOnlyList<string> Unreached { get; init; } = [];

    /// <summary>The part done of all epochs, 0 to 1.</summary>
    public double Fraction => (Epoch - 1 + Step / (double)Steps) / Epochs;
}
