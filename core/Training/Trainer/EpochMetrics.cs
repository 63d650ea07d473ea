namespace Iqt.Training;

/// <summary>One line of a run's <c>metrics.jsonl</c>.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="TrainingLoss">Mean over the steps, each before its update; normalised RMSE.</param>
/// <param name="ValidationLoss">Pooled over the validation patches, after the epoch; normalised RMSE.</param>
/// <param name="LearningRate">Adam's in this epoch.</param>
/// <param name="Seconds">Wall time of the epoch, validation included.</param>
/// <param name="IsBest">Whether validation was never better.</param>
public sealed record EpochMetrics(int Epoch, double TrainingLoss, double ValidationLoss, double LearningRate, double Seconds, bool IsBest);
