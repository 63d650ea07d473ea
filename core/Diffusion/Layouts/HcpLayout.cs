namespace Iqt.Diffusion;

/// <summary>Subjects as the Human Connectome Project's preprocessed packages unpack.</summary>
public static class HcpLayout
{
    /// <summary>Where series stand; bvals, bvecs and nodif_brain_mask.nii.gz beside them.</summary>
    public const string Pattern = "*/T1w/Diffusion/data.nii.gz";

    /// <summary>Finds every subject.</summary>
    public static Dataset Find(string root)
    {
        var subjects = new List<SubjectFiles>();
        var skipped = new List<SkippedEntry>();
        foreach (string subject in Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(subject);
            string folder = Path.Combine(subject, "T1w", "Diffusion");
            string dwi = Path.Combine(folder, "data.nii.gz");
            if (File.Exists(dwi))
            {
                Dataset.Add(subjects, name, name, dwi, MaskPaths.Beside(dwi), GradientFiles.Beside);
            }
            else if (Directory.Exists(Path.Combine(subject, "T1w")))
            {
                skipped.Add(new SkippedEntry(subject, "has no T1w/Diffusion/data.nii.gz (the diffusion package was not unpacked)"));
            }
        }

        return new Dataset(subjects, skipped, DatasetLayout.Hcp);
    }
}
