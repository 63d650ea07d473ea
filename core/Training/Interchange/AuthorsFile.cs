using System.Globalization;
using System.Text.Json;
using Iqt.Diffusion;
using Iqt.Reversible;
using TorchSharp;

namespace Iqt.Training;

/// <summary>
/// Checkpoints as safetensors files that the authors' PyTorch model loads as they are:
/// <c>ESPCN_RN(n).load_state_dict(safetensors.torch.load_file(path))</c>. What prediction needs besides weights stands in
/// the file's metadata.
/// </summary>
public static class AuthorsFile
{
    private const string NormalizationKey = "iqt.normalization", PatchSizeKey = "iqt.patchSize";

    /// <summary>Writes a checkpoint under the authors' names.</summary>
    /// <exception cref="DataException">Another network than espcn or espcn-rn, which the authors' model can't be; or the file can't be written.</exception>
    public static void Write(Checkpoint checkpoint, string path)
    {
        SafetensorsEntry[] renamed = [.. checkpoint.State.Select(entry => AuthorsNames.ToAuthors(entry.Name) is { } name
            ? entry with { Name = name }
            : throw new DataException($"{checkpoint.Network}: has a tensor {entry.Name}, for which the authors' model has no place; espcn or espcn-rn was expected. Iqt's own safetensors files can be read by Python as they are."))];
        var normalization = new StoredNormalization
        {
            Scope = checkpoint.Normalization.Scope,
            InputMeans = checkpoint.Normalization.Input.Means,
            InputDeviations = checkpoint.Normalization.Input.Deviations,
            TargetMeans = checkpoint.Normalization.Target.Means,
            TargetDeviations = checkpoint.Normalization.Target.Deviations,
        };
        new SafetensorsFile(renamed, new Dictionary<string, string>
        {
            ["format"] = "pt",
            [PatchSizeKey] = checkpoint.PatchSize.ToString(CultureInfo.InvariantCulture),
            [NormalizationKey] = JsonSerializer.Serialize(normalization, RunJson.Line),
        }).Write(path);
    }

    /// <summary>Reads weights under the authors' names.</summary>
    /// <param name="path">Written by <see cref="Write"/>, or by Python from the authors' model.</param>
    /// <param name="networks">Where espcn and espcn-rn are found.</param>
    /// <param name="like">Patch size and normalisation of a file that says none.</param>
    /// <exception cref="DataException">Other names, tensors that are missing, or neither the file nor <paramref name="like"/> says how to normalise.</exception>
    public static Checkpoint Read(string path, NetworkCatalog networks, Checkpoint? like = null)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        SafetensorsEntry[] entries = [.. file.Entries.Select(entry => AuthorsNames.FromAuthors(entry.Name) is { } name
            ? entry with { Name = name }
            : throw new DataException($"{path}: holds a tensor {entry.Name}, names of the authors' model (rn0.F0.0.weight, conv0.0.weight) were expected. Save its state_dict() with safetensors.torch.save_file."))];
        int blocks = entries.Count(entry => entry.Name.StartsWith("stack1.", StringComparison.Ordinal) && entry.Name.EndsWith(".f.reduce.conv.weight", StringComparison.Ordinal));
        var hyperparameters = new Dictionary<string, int>();
        if (blocks > 0)
        {
            hyperparameters["Blocks"] = blocks;
        }

        using Network network = networks.Find(blocks > 0 ? "espcn-rn" : "espcn").Create(hyperparameters, torch.CPU, torch.ScalarType.Float32);
        NetworkState.Restore(network, entries, path);
        try
        {
            (int patchSize, Normalization normalization) = Conventions(file, path, like);
            return Checkpoint.Capture(network, PatchGeometry.Of(network, patchSize), normalization, epoch: 0, validationLoss: double.NaN);
        }
        catch (ArgumentException error)
        {
            throw new DataException($"{path}: {error.Message} Its metadata are damaged; write it again, or name a run that was trained on the same data (--like).", error);
        }
    }

    private static (int PatchSize, Normalization Normalization) Conventions(SafetensorsFile file, string path, Checkpoint? like)
    {
        if (like is not null)
        {
            return (like.PatchSize, like.Normalization);
        }

        var metadata = new CheckpointMetadata(file.Metadata, path);
        if (!metadata.Has(NormalizationKey))
        {
            throw new DataException($"{path}: does not say how its inputs were normalised, which PyTorch's files don't. Name a run that was trained on the same data (--like).");
        }

        var stored = RunJson.Parse<StoredNormalization>(metadata.Text(NormalizationKey), $"{path}, {NormalizationKey}");
        return (
            metadata.Positive(PatchSizeKey),
            new Normalization(
                stored.Scope,
                new Standardization(stored.InputMeans, stored.InputDeviations),
                new Standardization(stored.TargetMeans, stored.TargetDeviations)));
    }

    private sealed record StoredNormalization
    {
        public required NormalizationScope Scope { get; init; }

        public required float[] InputMeans { get; init; }

        public required float[] InputDeviations { get; init; }

        public required float[] TargetMeans { get; init; }

        public required float[] TargetDeviations { get; init; }
    }
}
