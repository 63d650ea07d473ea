namespace Iqt.Training;

/// <summary>The trained weights that a run started from.</summary>
/// <param name="Run">Folder of the run that trained them.</param>
/// <param name="Network">Its network.</param>
/// <param name="Hyperparameters">That network's.</param>
/// <param name="Epoch">The epoch of its best checkpoint.</param>
/// <param name="ValidationLoss">Of that checkpoint, normalised RMSE on that run's validation set.</param>
/// <param name="Sha256">Of the checkpoint's file.</param>
/// <param name="TrainedOn">Subjects whose patches it learnt from, those of the runs that it began from included; null if not known.</param>
public sealed record RunOrigin(
    string Run,
    string Network,
    IReadOnlyDictionary<string, int> Hyperparameters,
    int Epoch,
    double ValidationLoss,
    string Sha256,
    IReadOnlyList<string>? TrainedOn = null);
