using System.Globalization;
using System.Text.Json.Nodes;

namespace Iqt.Diffusion.Phantom;

/// <summary>Writes phantoms as a BIDS data set. A subject is written completely or not at all; a rerun goes on.</summary>
public static class Simulation
{
    private const string BidsVersion = "1.8.0";

    // Goes up when the same seed comes to make another brain, so that no data set mixes the two.
    private const int AnatomyVersion = 2;

    /// <summary>Writes the subjects that the folder does not hold yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No subject was asked for, or the noise is not above 0 and finite.</exception>
    /// <exception cref="DataException">The folder holds something else, or can't be written.</exception>
    public static void Write(SimulationSettings settings, string folder, IProgress<SimulationProgress>? progress = null, CancellationToken cancellation = default)
    {
        settings.Check();
        Guarded(folder, () => Claim(settings, folder));
        // Another process would remove what this one has not finished yet.
        using var held = FolderLock.Take(folder, "iqt simulate");
        for (int index = 1; index <= settings.Subjects; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            var place = new SimulatedSubject(folder, index);
            Guarded(place.Folder, () => place.Write(settings, cancellation));
            progress?.Report(new SimulationProgress(index, settings.Subjects));
        }

        Guarded(folder, () => ListParticipants(folder));
    }

    private static void Claim(SimulationSettings settings, string folder)
    {
        string path = Path.Combine(folder, "dataset_description.json");
        string text = Description(settings);
        if (File.Exists(path))
        {
            if (File.ReadAllText(path) != text)
            {
                throw new DataException($"{path}: describes another data set; a phantom of scale {settings.Scale}, seed {settings.Seed} and the same noise, bias and compression was expected. Choose another folder.");
            }
        }
        else if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new DataException($"{folder}: is not empty and holds no simulated data set, an empty or new folder was expected. Choose another folder.");
        }
        else
        {
            AtomicFile.WriteText(path, text);
        }

        string derivative = Path.Combine(folder, SimulatedSubject.Derivatives, "dataset_description.json");
        if (!File.Exists(derivative))
        {
            AtomicFile.WriteText(derivative, DerivativeDescription());
        }
    }

    private static string Description(SimulationSettings settings) => new JsonObject
    {
        ["Name"] = string.Create(CultureInfo.InvariantCulture, $"Iqt phantom {AnatomyVersion}, scale {settings.Scale}, seed {settings.Seed}, SNR {settings.Snr}, bias {settings.Bias}, {(settings.Compress ? "compressed" : "uncompressed")}"),
        ["BIDSVersion"] = BidsVersion,
        ["DatasetType"] = "raw",
    }.ToJsonString() + "\n";

    private static string DerivativeDescription() => new JsonObject
    {
        ["Name"] = "True tensors of the phantom: fitted to its series without noise",
        ["BIDSVersion"] = BidsVersion,
        ["DatasetType"] = "derivative",
        ["GeneratedBy"] = new JsonArray(new JsonObject { ["Name"] = "iqt simulate" }),
    }.ToJsonString() + "\n";

    private static void ListParticipants(string folder)
    {
        string[] subjects = [.. Directory.EnumerateDirectories(folder, "sub-*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        AtomicFile.WriteText(Path.Combine(folder, "participants.tsv"), "participant_id\n" + string.Join('\n', subjects) + "\n");
    }

    private static void Guarded(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: can't be written ({error.Message}). Choose a folder with write permission and space.", error);
        }
    }
}
