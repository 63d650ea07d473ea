namespace Iqt.Training;

/// <summary>
/// What the validation losses so far mean for the rate and for stopping. The paper says only that the rate decays
/// from 1e-4 and that training ends when validation stops improving; docs/protocol.md says what Iqt makes of that.
/// </summary>
/// <param name="Rate">Adam's rate for the next epoch.</param>
/// <param name="BestLoss">The least validation loss so far.</param>
/// <param name="BestEpoch">The epoch that had it, from 1; 0 before the first.</param>
/// <param name="EpochsWithoutImprovement">Since then.</param>
public sealed record PlateauSchedule(double Rate, double BestLoss, int BestEpoch, int EpochsWithoutImprovement)
{
    /// <summary>Before the first epoch.</summary>
    public static PlateauSchedule Start(TrainingSettings settings) => new(settings.LearningRate, double.PositiveInfinity, 0, 0);

    /// <summary>Takes the next epoch's validation loss into account.</summary>
    public PlateauSchedule Observe(double loss, int epoch, TrainingSettings settings)
    {
        if (loss < BestLoss)
        {
            return this with { BestLoss = loss, BestEpoch = epoch, EpochsWithoutImprovement = 0 };
        }

        int without = EpochsWithoutImprovement + 1;
        return this with
        {
            EpochsWithoutImprovement = without,
            Rate = without % settings.RatePatience == 0 ? Rate * settings.RateFactor : Rate,
        };
    }

    /// <summary>Whether training has stopped paying.</summary>
    public bool ShouldStop(TrainingSettings settings) => EpochsWithoutImprovement >= settings.StopPatience;
}
