using System.Text.Json.Serialization;
using Iqt.Diffusion;
using Iqt.Reversible;

namespace Iqt.Training;

/// <summary>
/// All that decides a training, besides the data. Start from <see cref="Paper"/> or <see cref="Default"/>; in F#
/// change a value with <see cref="TrainingSettingsJson.With"/>.
/// </summary>
public sealed record TrainingSettings
{
    /// <summary>The protocol of Blumberg et al. (2018) to the letter; what it leaves open as docs/protocol.md says.</summary>
    public static TrainingSettings Paper { get; } = new()
    {
        Initialization = InitializationScheme.He,
        Validation = ValidationUnit.Patches,
        Normalization = NormalizationScope.PerVoxel,
        Loss = LossRegion.AllVoxels,
        LearningRate = 1e-4,
    };

    /// <summary>
    /// Identity start, whole subjects held out for validation, normalisation per channel, loss over brain voxels.
    /// </summary>
    public static TrainingSettings Default { get; } = new();

    /// <summary>The network's declared name.</summary>
    public string Network { get; init; } = "espcn-rn";

    /// <summary>The network's hyperparameters; those not named have their declared defaults.</summary>
    public IReadOnlyDictionary<string, int> Hyperparameters { get; init; } = new Dictionary<string, int>();

    /// <summary>How parameters start.</summary>
    public InitializationScheme Initialization { get; init; } = InitializationScheme.Identity;

    /// <summary>The folder of a trained run whose weights and normalisation this one starts from; start values if null.</summary>
    public string? From { get; init; }

    /// <summary>
    /// Whether the stacks that the network has beyond that run's start as the identity, whatever <see cref="Initialization"/>
    /// says; a stack that can't is refused.
    /// </summary>
    public bool Identity { get; init; }

    /// <summary>How gradients are computed.</summary>
    public BackpropagationMode Mode { get; init; } = BackpropagationMode.Reversible;

    /// <summary>Where in a step parameters are updated.</summary>
    public ParameterUpdate Update { get; init; } = ParameterUpdate.Behind;

    /// <summary>
    /// What a step may take above weights, optimiser state and data: as many reversed blocks as fit, by prediction, keep their
    /// activations. None do if null.
    /// </summary>
    public MemoryAmount? MemoryBudget { get; init; }

    /// <summary>Type of the residual stream; the engine's choice if null.</summary>
    public StreamType? Stream { get; init; }

    /// <summary>Type that convolutions are computed in.</summary>
    public ConvolutionPrecision Precision { get; init; } = ConvolutionPrecision.F32;

    /// <summary>Edge of the LR patch in LR voxels.</summary>
    public int PatchSize { get; init; } = 11;

    /// <summary>Patches of each subject, the first of its index; all if null.</summary>
    public int? PatchesPerSubject { get; init; }

    /// <summary>Subjects for training and validation, the first of the data set; all but the test subjects if null.</summary>
    public int? Subjects { get; init; }

    /// <summary>Subjects at the end of the data set that the training never sees.</summary>
    public int TestSubjects { get; init; }

    /// <summary>What is held out for validation.</summary>
    public ValidationUnit Validation { get; init; } = ValidationUnit.Subjects;

    /// <summary>The part held out, between 0 and 1; at least one patch or subject.</summary>
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>
    /// Seed of the choice of what is held out. Apart from <see cref="Seed"/>, so that models from different seeds
    /// are compared on the same validation set.
    /// </summary>
    public ulong SplitSeed { get; init; }

    /// <summary>What has a mean and a variance of its own.</summary>
    public NormalizationScope Normalization { get; init; } = NormalizationScope.PerChannel;

    /// <summary>Which voxels the loss counts.</summary>
    public LossRegion Loss { get; init; } = LossRegion.BrainVoxels;

    /// <summary>Adam's rate in the first epoch.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How the rate changes from epoch to epoch.</summary>
    public RateSchedule Schedule { get; init; } = RateSchedule.Plateau;

    /// <summary>What the rate is multiplied with when it falls (<see cref="RateSchedule.Plateau"/>, <see cref="RateSchedule.Step"/>).</summary>
    public double RateFactor { get; init; } = 0.5;

    /// <summary>Epochs after which the rate falls: without improvement, or in any case (<see cref="RateSchedule.Step"/>).</summary>
    public int RatePatience { get; init; } = 5;

    /// <summary>Adam's decay of the mean of gradients (β₁).</summary>
    public double FirstMomentDecay { get; init; } = 0.9;

    /// <summary>Adam's decay of the mean of squared gradients (β₂).</summary>
    public double SecondMomentDecay { get; init; } = 0.999;

    /// <summary>Adam's ε.</summary>
    public double AdamEpsilon { get; init; } = 1e-8;

    /// <summary>Part of the parameters that is added to their gradients.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Largest norm of all gradients together; larger ones are scaled down to it. No limit if null.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Epochs without improvement after which training stops.</summary>
    public int StopPatience { get; init; } = 15;

    /// <summary>Most epochs.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Patches a step.</summary>
    public int BatchSize { get; init; } = 12;

    /// <summary>Seed of the start values and of the order of the patches.</summary>
    public ulong Seed { get; init; }

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of libtorch on the CPU; its own choice if null. Another number may round differently.</summary>
    public int? Threads { get; init; }

    /// <summary>The first value that makes no sense by itself, in words, or null.</summary>
    [JsonIgnore]
    public string? Problem =>
        string.IsNullOrWhiteSpace(Network) ? "network: a name was expected"
        : From is not null && string.IsNullOrWhiteSpace(From) ? "from: the folder of a run was expected"
        : PatchSize < 1 ? $"patchSize: {PatchSize} was found, at least 1 was expected"
        : PatchesPerSubject < 1 ? $"patchesPerSubject: {PatchesPerSubject} was found, at least 1 was expected"
        : Subjects < 1 ? $"subjects: {Subjects} was found, at least 1 was expected"
        : TestSubjects < 0 ? $"testSubjects: {TestSubjects} was found, at least 0 was expected"
        : !(ValidationFraction is > 0 and < 1) ? $"validationFraction: {ValidationFraction} was found, a number between 0 and 1 was expected"
        : !(LearningRate > 0 && double.IsFinite(LearningRate)) ? $"learningRate: {LearningRate} was found, a positive number was expected"
        : !(RateFactor is > 0 and <= 1) ? $"rateFactor: {RateFactor} was found, a number above 0 and at most 1 was expected"
        : RatePatience < 1 ? $"ratePatience: {RatePatience} was found, at least 1 was expected"
        : !(FirstMomentDecay is >= 0 and < 1) ? $"firstMomentDecay: {FirstMomentDecay} was found, a number of at least 0 and below 1 was expected"
        : !(SecondMomentDecay is >= 0 and < 1) ? $"secondMomentDecay: {SecondMomentDecay} was found, a number of at least 0 and below 1 was expected"
        : !(AdamEpsilon > 0 && double.IsFinite(AdamEpsilon)) ? $"adamEpsilon: {AdamEpsilon} was found, a positive number was expected"
        : !(WeightDecay >= 0 && double.IsFinite(WeightDecay)) ? $"weightDecay: {WeightDecay} was found, a number of at least 0 was expected"
        : ClipNorm is { } norm && !(norm > 0 && double.IsFinite(norm)) ? $"clipNorm: {norm} was found, a positive number was expected"
        : StopPatience < 1 ? $"stopPatience: {StopPatience} was found, at least 1 was expected"
        : Epochs < 1 ? $"epochs: {Epochs} was found, at least 1 was expected"
        : BatchSize < 1 ? $"batchSize: {BatchSize} was found, at least 1 was expected"
        : Threads < 1 ? $"threads: {Threads} was found, at least 1 was expected"
        : null;

    /// <summary>
    /// The first values that make no sense beside each other, in words, or null. Apart from <see cref="Problem"/>, as settings
    /// are changed one by one: only those that a training starts with have to agree.
    /// </summary>
    [JsonIgnore]
    public string? Conflict => SettingConflict.Of(this);

    /// <summary>Refuses settings that no training can start with.</summary>
    /// <exception cref="DataException">A value, or two beside each other, make no sense.</exception>
    public void Check()
    {
        if (Problem is { } problem)
        {
            throw new DataException($"training settings: {problem}. Correct it.");
        }

        if (Conflict is { } conflict)
        {
            throw new DataException($"training settings: {conflict}.");
        }
    }
}
