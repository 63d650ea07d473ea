using System.Globalization;
using System.Text.Json.Nodes;

namespace Iqt.Diffusion.Phantom;

/// <summary>Writes phantoms as a BIDS data set. A subject is written completely or not at all; a rerun goes on.</summary>
public static class Simulation
{
    /// <summary>Writes the subjects that the folder does not hold yet.</summary>
    /// <exception cref="DataException">The folder holds something else, or can't be written.</exception>
    public static void Write(SimulationSettings settings, string folder, IProgress<SimulationProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Subjects, 1);
        Claim(settings, folder);
        for (int index = 1; index <= settings.Subjects; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            WriteSubject(settings, folder, index, cancellation);
            progress?.Report(new SimulationProgress(index, settings.Subjects));
        }

        string[] subjects = [.. Directory.EnumerateDirectories(folder, "sub-*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        AtomicFile.WriteText(Path.Combine(folder, "participants.tsv"), "participant_id\n" + string.Join('\n', subjects) + "\n");
    }

    private static void Claim(SimulationSettings settings, string folder)
    {
        string path = Path.Combine(folder, "dataset_description.json");
        string text = Description(settings);
        if (File.Exists(path))
        {
            if (File.ReadAllText(path) != text)
            {
                throw new DataException($"{path}: describes another data set; a phantom of scale {settings.Scale}, seed {settings.Seed} and the same noise was expected. Choose another folder.");
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
    }

    private static string Description(SimulationSettings settings) => new JsonObject
    {
        ["Name"] = string.Create(CultureInfo.InvariantCulture, $"Iqt phantom, scale {settings.Scale}, seed {settings.Seed}, SNR {settings.Snr}, {(settings.Compress ? "compressed" : "uncompressed")}"),
        ["BIDSVersion"] = "1.8.0",
        ["DatasetType"] = "raw",
    }.ToJsonString() + "\n";

    private static void WriteSubject(SimulationSettings settings, string folder, int index, CancellationToken cancellation)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"sub-{index:D2}");
        string final = Path.Combine(folder, name);
        if (Directory.Exists(final))
        {
            return;
        }

        string truth = Path.Combine(folder, "derivatives", "phantom", name, "dwi");
        string temporary = Path.Combine(folder, "." + name + ".tmp");
        if (Directory.Exists(temporary))
        {
            Directory.Delete(temporary, recursive: true);
        }

        try
        {
            string stem = Path.Combine(temporary, "dwi", name);
            PhantomSubject subject = PhantomSubject.Create(settings.Scale, settings.Seed, index, cancellation: cancellation);
            DwiFile.Write(stem + (settings.Compress ? "_dwi.nii.gz" : "_dwi.nii"), subject.Simulate(settings.Snr), cancellation: cancellation);
            new GradientFiles(stem + "_dwi.bval", stem + "_dwi.bvec").Write(PhantomSubject.Gradients);
            AtomicFile.WriteText(stem + "_dwi.json", "{\"RepetitionTime\": 5.52, \"EchoTime\": 0.0895, \"MagneticFieldStrength\": 3}\n");
            MaskFile.Write(stem + "_desc-brain_mask.nii.gz", subject.Mask);
            TensorFile.Write(Path.Combine(truth, name + "_desc-noisefree_model-tensor_param-diffusivity_dwimap.nii.gz"), subject.TrueTensors(cancellation));
            // The subject counts as complete from here on.
            Directory.Move(temporary, final);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }
}
