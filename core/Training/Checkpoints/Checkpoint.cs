using System.Globalization;
using System.Text.Json;
using Iqt.Diffusion;
using Iqt.Reversible;

namespace Iqt.Training;

/// <summary>
/// A trained network at rest: what it is, its weights, and what its inputs and outputs were normalised with. One
/// safetensors file; the weights have the names they have in the network.
/// </summary>
public sealed record Checkpoint
{
    private const string Format = "iqt-checkpoint-1";
    private const string Prefix = "normalization.";

    /// <summary>The network's declared name.</summary>
    public required string Network { get; init; }

    /// <summary>All hyperparameters it was built with.</summary>
    public required IReadOnlyDictionary<string, int> Hyperparameters { get; init; }

    /// <summary>Edge of the LR patches it was trained on, in LR voxels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>r.</summary>
    public required int UpsamplingRate { get; init; }

    /// <summary>Of the training set.</summary>
    public required Normalization Normalization { get; init; }

    /// <summary>How the tensors it was trained on were fitted; null of weights from elsewhere or of an earlier version.</summary>
    public FitOptions? Fit { get; init; }

    /// <summary>Epochs trained; 0 before the first.</summary>
    public required int Epoch { get; init; }

    /// <summary>Validation loss after that epoch (normalised RMSE); NaN before the first.</summary>
    public required double ValidationLoss { get; init; }

    /// <summary>Parameters and buffers.</summary>
    public required IReadOnlyList<SafetensorsEntry> State { get; init; }

    /// <summary>What the training goes on with; null where only the network was kept.</summary>
    public ResumptionState? Resumption { get; init; }

    /// <summary>Copies a network's state.</summary>
    public static Checkpoint Capture(Network network, PatchGeometry geometry, Normalization normalization, int epoch, double validationLoss) => new()
    {
        Network = network.NetworkName,
        Hyperparameters = network.Hyperparameters,
        PatchSize = geometry.InputSize,
        UpsamplingRate = geometry.Rate,
        Normalization = normalization,
        Epoch = epoch,
        ValidationLoss = validationLoss,
        State = NetworkState.Capture(network),
    };

    /// <summary>The same, of a network that was trained on tensors of that fit.</summary>
    public Checkpoint WithFit(FitOptions? fit) => this with { Fit = fit };

    /// <summary>Writes the file; it appears complete or not at all.</summary>
    /// <exception cref="DataException">Can't be written.</exception>
    public void Write(string path)
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["network"] = Network,
            ["hyperparameters"] = JsonSerializer.Serialize(Hyperparameters),
            ["patchSize"] = PatchSize.ToString(CultureInfo.InvariantCulture),
            ["upsamplingRate"] = UpsamplingRate.ToString(CultureInfo.InvariantCulture),
            ["normalization"] = Normalization.Scope.ToString(),
            ["epoch"] = Epoch.ToString(CultureInfo.InvariantCulture),
            ["validationLoss"] = ValidationLoss.ToString("R", CultureInfo.InvariantCulture),
        };
        if (Fit is { Shell: { } shell, Reweightings: var reweightings })
        {
            metadata["bValue"] = shell.BValue.ToString("R", CultureInfo.InvariantCulture);
            metadata["bValueTolerance"] = shell.Tolerance.ToString("R", CultureInfo.InvariantCulture);
            metadata["reweightings"] = reweightings.ToString(CultureInfo.InvariantCulture);
        }

        Resumption?.AddTo(metadata);
        new SafetensorsFile([.. State, .. Statistics("input", Normalization.Input), .. Statistics("target", Normalization.Target), .. Resumption?.Optimizer ?? []], metadata).Write(path);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="DataException">Missing, damaged, or not one of Iqt's checkpoints.</exception>
    public static Checkpoint Read(string path)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        var metadata = new CheckpointMetadata(file.Metadata, path);
        string format = metadata.Text("format");
        if (format != Format)
        {
            throw new DataException($"{path}: its format is '{format}', '{Format}' was expected. It was written by another version of Iqt or is no checkpoint.");
        }

        return new Checkpoint
        {
            Network = metadata.Text("network"),
            Hyperparameters = metadata.Integers("hyperparameters"),
            PatchSize = metadata.Positive("patchSize"),
            UpsamplingRate = metadata.Positive("upsamplingRate"),
            Normalization = new Normalization(
                metadata.Scope("normalization"),
                ReadStatistics(file, "input", path),
                ReadStatistics(file, "target", path)),
            Fit = metadata.Has("bValue")
                ? new FitOptions { Shell = new Shell(metadata.Number("bValue"), metadata.Number("bValueTolerance")), Reweightings = metadata.Integer("reweightings") }
                : null,
            Epoch = metadata.Integer("epoch"),
            ValidationLoss = metadata.Number("validationLoss"),
            State = [.. file.Entries.Where(entry => !entry.Name.StartsWith(Prefix, StringComparison.Ordinal) && !ResumptionState.Owns(entry))],
            Resumption = ResumptionState.Read(file, metadata),
        };
    }

    /// <summary>What a training goes on with.</summary>
    /// <param name="name">The file, for messages.</param>
    /// <exception cref="DataException">It holds none, or that of another version.</exception>
    internal ResumptionState RequireResumption(string name) => Resumption switch
    {
        null => throw new DataException($"{name}: holds no state of an optimiser, which going on needs. Train again, in another folder."),
        { Format: not ResumptionState.CurrentFormat and var format } => throw new DataException(
            $"{name}: holds an optimiser's state of format '{format}', '{ResumptionState.CurrentFormat}' was expected: another version of Iqt wrote it. Go on with that version, or start a new run from these weights (--from)."),
        var state => state,
    };

    /// <summary>Copies the weights into a network.</summary>
    /// <exception cref="DataException">Another network or other hyperparameters; the message names both.</exception>
    public void Restore(Network network, string name)
    {
        string found = Describe(Network, Hyperparameters), expected = Describe(network);
        if (found != expected)
        {
            throw new DataException($"{name}: is a checkpoint of {found}, one of {expected} was expected. Name the checkpoint of this network or build the network it belongs to.");
        }

        NetworkState.Restore(network, State, name);
    }

    /// <summary>A network's name and hyperparameters, for messages.</summary>
    internal static string Describe(Network network) => Describe(network.NetworkName, network.Hyperparameters);

    private static string Describe(string network, IReadOnlyDictionary<string, int> hyperparameters) =>
        hyperparameters.Count == 0
            ? network
            : network + " (" + string.Join(", ", hyperparameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")) + ")";

    private static IEnumerable<SafetensorsEntry> Statistics(string side, Standardization standardization)
    {
        yield return SafetensorsEntry.Of($"{Prefix}{side}.mean", standardization.Means, standardization.Means.Length);
        yield return SafetensorsEntry.Of($"{Prefix}{side}.deviation", standardization.Deviations, standardization.Deviations.Length);
    }

    private static Standardization ReadStatistics(SafetensorsFile file, string side, string path)
    {
        float[] Numbers(string kind) =>
            file.Entries.FirstOrDefault(entry => entry.Name == $"{Prefix}{side}.{kind}") is { Type: SafetensorsType.F32 } entry
                ? entry.ToSingles()
                : throw new DataException($"{path}: holds no {Prefix}{side}.{kind} of F32, which a checkpoint has. Train again or copy the file again.");

        try
        {
            return new Standardization(Numbers("mean"), Numbers("deviation"));
        }
        catch (ArgumentException error)
        {
            throw new DataException($"{path}: its normalisation can't be used ({error.Message}). Train again or copy the file again.", error);
        }
    }
}
