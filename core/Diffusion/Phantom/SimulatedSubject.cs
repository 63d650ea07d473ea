using System.Globalization;

namespace Iqt.Diffusion.Phantom;

/// <summary>The place of one subject in a simulated data set.</summary>
internal sealed class SimulatedSubject
{
    /// <summary>Folder of the true tensors, relative to the data set.</summary>
    public static readonly string Derivatives = Path.Combine("derivatives", "phantom");

    private readonly string _name;
    private readonly int _index;
    private readonly string _truth;
    private readonly string _temporary;

    public SimulatedSubject(string dataset, int index)
    {
        _index = index;
        _name = string.Create(CultureInfo.InvariantCulture, $"sub-{index:D2}");
        Folder = Path.Combine(dataset, _name);
        _truth = Path.Combine(dataset, Derivatives, _name);
        _temporary = Path.Combine(dataset, $".{_name}.tmp");
    }

    /// <summary>Exists once the subject is complete.</summary>
    public string Folder { get; }

    /// <summary>Writes the subject unless it is there.</summary>
    public void Write(SimulationSettings settings, CancellationToken cancellation)
    {
        if (Directory.Exists(Folder))
        {
            return;
        }

        // What a killed run left.
        Remove(_temporary);
        try
        {
            string raw = Path.Combine(_temporary, "raw"), truth = Path.Combine(_temporary, "truth");
            PhantomSubject subject = PhantomSubject.Create(settings.Scale, settings.Seed, _index, cancellation: cancellation);
            WriteSeries(subject, settings, Path.Combine(raw, "dwi", _name), cancellation);
            TensorFile.Write(
                Path.Combine(truth, "dwi", _name + "_desc-noisefree_model-tensor_param-diffusivity_dwimap.nii.gz"),
                subject.TrueTensors(cancellation));

            // The subject's folder comes last and says that all is there. A kill between the two renames leaves true
            // tensors without a subject, which the next run replaces.
            Remove(_truth);
            Directory.Move(truth, _truth);
            Directory.Move(raw, Folder);
        }
        finally
        {
            Remove(_temporary);
        }
    }

    private static void WriteSeries(PhantomSubject subject, SimulationSettings settings, string stem, CancellationToken cancellation)
    {
        DwiFile.Write(stem + (settings.Compress ? "_dwi.nii.gz" : "_dwi.nii"), subject.Simulate(settings.Snr, settings.Bias), cancellation: cancellation);
        new GradientFiles(stem + "_dwi.bval", stem + "_dwi.bvec").Write(PhantomSubject.Gradients);
        AtomicFile.WriteText(stem + "_dwi.json", "{\"RepetitionTime\": 5.52, \"EchoTime\": 0.0895, \"MagneticFieldStrength\": 3}\n");
        MaskFile.Write(stem + "_desc-brain_mask.nii.gz", subject.Mask);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
