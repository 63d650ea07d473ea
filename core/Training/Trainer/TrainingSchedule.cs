namespace Iqt.Training;

/// <summary>
/// What the validation losses so far mean for the rate and for stopping. The paper says only that the rate decays
/// from 1e-4 and that training ends when validation stops improving; docs/protocol.md says what Iqt makes of that.
/// </summary>
/// <param name="Rate">Adam's rate for the next epoch.</param>
/// <param name="BestLoss">The least validation loss so far.</param>
/// <param name="BestEpoch">The epoch that had it, from 1; 0 before the first.</param>
/// <param name="EpochsWithoutImprovement">Since then.</param>
public sealed record TrainingSchedule(double Rate, double BestLoss, int BestEpoch, int EpochsWithoutImprovement)
{
    /// <summary>Before the first epoch.</summary>
    public static TrainingSchedule Start(TrainingSettings settings) => new(settings.LearningRate, double.PositiveInfinity, 0, 0);

    /// <summary>Takes the validation loss after an epoch into account.</summary>
    public TrainingSchedule Observe(double loss, int epoch, TrainingSettings settings)
    {
        TrainingSchedule next = loss < BestLoss
            ? this with { BestLoss = loss, BestEpoch = epoch, EpochsWithoutImprovement = 0 }
            : this with { EpochsWithoutImprovement = EpochsWithoutImprovement + 1 };
        return next with { Rate = next.RateAfter(epoch, settings) };
    }

    /// <summary>Whether training has stopped paying.</summary>
    public bool ShouldStop(TrainingSettings settings) => EpochsWithoutImprovement >= settings.StopPatience;

    private double RateAfter(int epoch, TrainingSettings settings) => settings.Schedule switch
    {
        RateSchedule.Plateau when EpochsWithoutImprovement > 0 && EpochsWithoutImprovement % settings.RatePatience == 0 => Rate * settings.RateFactor,
        RateSchedule.Step when epoch % settings.RatePatience == 0 => Rate * settings.RateFactor,
        RateSchedule.Cosine => settings.LearningRate * (1 + Math.Cos(Math.PI * epoch / settings.Epochs)) / 2,
        _ => Rate,
    };
}
