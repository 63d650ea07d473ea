using Iqt.Diffusion;
using Iqt.Reversible;

namespace Iqt.Training;

/// <summary>
/// What a run takes over from a trained one (<c>iqt train --from</c>): its best weights, and the normalisation they were
/// trained under. A network that sees other numbers for the same diffusivities is no longer the one that was trained.
/// </summary>
/// <param name="Origin">Which weights they were.</param>
/// <param name="Normalization">The trained run's.</param>
internal sealed record StartingWeights(RunOrigin Origin, Normalization Normalization)
{
    /// <summary>Loads the run that the settings name into a network, which is the same or one that elongates it.</summary>
    /// <param name="networks">Where the trained network is found.</param>
    /// <param name="settings">With <see cref="TrainingSettings.From"/>.</param>
    /// <param name="network">With its start values, which segments keep that the trained network lacks.</param>
    /// <param name="geometry">Of its patches.</param>
    /// <exception cref="DataException">Not a run, one without trained weights, of another network or under another normalisation.</exception>
    public static StartingWeights Load(NetworkCatalog networks, TrainingSettings settings, Network network, PatchGeometry geometry)
    {
        string folder = settings.From!;
        RunDirectory run = RunDirectory.Open(folder);
        if (!File.Exists(run.BestCheckpoint))
        {
            throw new DataException($"{folder}: has finished no epoch, so it holds no trained weights, which --from starts from. Let it train (iqt train --resume) or name another run.");
        }

        using TrainedModel trained = TrainedModel.Open(folder, networks);
        Checkpoint checkpoint = trained.Checkpoint;
        CheckNormalization(folder, checkpoint, settings, geometry);
        try
        {
            _ = settings.Identity
                ? Elongation.LoadAsIdentity(trained.Network, network, settings.Seed)
                : Elongation.Load(trained.Network, network);
        }
        catch (ArgumentException error)
        {
            throw new DataException(
                $"{folder}: is a run of {Checkpoint.Describe(trained.Network)}, from which {Checkpoint.Describe(network)} can't start. {Without(error)} Hyperparameters are given by --set.",
                error);
        }

        return new StartingWeights(
            new RunOrigin(Path.GetFullPath(folder), checkpoint.Network, checkpoint.Hyperparameters, checkpoint.Epoch, checkpoint.ValidationLoss, trained.Sha256, run.TrainedOn),
            checkpoint.Normalization);
    }

    // Settings are refused rather than replaced: what stands in settings.json has to be what was done.
    private static void CheckNormalization(string folder, Checkpoint trained, TrainingSettings settings, PatchGeometry geometry)
    {
        NormalizationScope scope = trained.Normalization.Scope;
        if (settings.Normalization != scope)
        {
            throw new DataException(
                $"{folder}: was normalised {RunJson.Name(scope)}, {RunJson.Name(settings.Normalization)} was asked for; a run starts with the normalisation of the weights it takes over. Set normalization={RunJson.Name(scope)}.");
        }

        int inputs = TensorImage.Elements * geometry.InputSize * geometry.InputSize * geometry.InputSize;
        int targets = TensorImage.Elements * geometry.OutputSize * geometry.OutputSize * geometry.OutputSize;
        if (scope == NormalizationScope.PerVoxel && (trained.Normalization.Input.Means.Length != inputs || trained.Normalization.Target.Means.Length != targets))
        {
            throw new DataException(
                $"{folder}: was normalised for every voxel of LR patches of {trained.PatchSize}³ voxels; patches of {geometry.InputSize}³ and their outputs of {geometry.OutputSize}³ have others. Set patchSize={trained.PatchSize}, or start from a run with normalization={RunJson.Name(NormalizationScope.PerChannel)}.");
        }
    }

    // ArgumentException adds the name of a parameter, which says nothing to whoever named a folder.
    private static string Without(ArgumentException error) => error.Message.Replace($" (Parameter '{error.ParamName}')", "", StringComparison.Ordinal);
}
