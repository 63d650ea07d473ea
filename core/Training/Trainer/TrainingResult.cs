namespace Iqt.Training;

/// <summary>How a training ended.</summary>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="BestEpoch">The epoch of the best validation loss, whose checkpoint is <c>best</c>.</param>
/// <param name="BestValidationLoss">Normalised RMSE.</param>
/// <param name="StoppedEarly">Whether validation stopped improving before the last epoch.</param>
/// <param name="Elapsed">Wall time.</param>
public sealed record TrainingResult(int Epochs, int BestEpoch, double BestValidationLoss, bool StoppedEarly, TimeSpan Elapsed);
