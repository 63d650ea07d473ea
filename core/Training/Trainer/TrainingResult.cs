namespace Iqt.Training;

/// <summary>How a training ended.</summary>
/// <param name="Epochs">Epochs of the run.</param>
/// <param name="NewEpochs">Those of them that were trained now, which are fewer where a stopped run went on.</param>
/// <param name="BestEpoch">The epoch of the best validation loss, whose checkpoint is <c>best</c>.</param>
/// <param name="BestValidationLoss">Normalised RMSE.</param>
/// <param name="StoppedEarly">Whether validation stopped improving before the last epoch.</param>
/// <param name="Elapsed">Wall time.</param>
public sealed record TrainingResult(int Epochs, int NewEpochs, int BestEpoch, double BestValidationLoss, bool StoppedEarly, TimeSpan Elapsed);
