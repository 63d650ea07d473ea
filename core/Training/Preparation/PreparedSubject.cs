using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// A subject's folder in a prepared data set: HR and LR tensors, masks, the index of patches, and
/// <c>subject.json</c> with where they come from.
/// </summary>
/// <param name="Id">For example <c>sub-01</c>; the folder's name.</param>
/// <param name="Folder">The folder.</param>
public sealed record PreparedSubject(string Id, string Folder)
{
    /// <summary>HR tensors.</summary>
    public string HighResolutionFile => Path.Combine(Folder, "hr_tensor.nii.gz");

    /// <summary>HR voxels of the brain.</summary>
    public string BrainFile => Path.Combine(Folder, "hr_mask.nii.gz");

    /// <summary>LR tensors.</summary>
    public string LowResolutionFile => Path.Combine(Folder, "lr_tensor.nii.gz");

    /// <summary>LR voxels whose whole block is brain.</summary>
    public string LowResolutionMaskFile => Path.Combine(Folder, "lr_mask.nii.gz");

    /// <summary>LR centres of the patches.</summary>
    public string PatchesFile => Path.Combine(Folder, "patches.tsv");

    /// <summary>Sources and figures of the fit.</summary>
    public string DescriptionFile => Path.Combine(Folder, "subject.json");

    /// <summary>Whether the subject was prepared; its folder appears when all of it is written.</summary>
    public bool Exists => Directory.Exists(Folder);

    /// <summary>Reads the images.</summary>
    /// <exception cref="DataException">A file is missing or damaged, or sizes don't fit.</exception>
    public SubjectImages Load(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        TensorImage low = TensorFile.Read(LowResolutionFile);
        TensorImage high = TensorFile.Read(HighResolutionFile);
        return new SubjectImages(
            Id,
            low,
            MaskFile.Read(LowResolutionMaskFile, low.Grid),
            high,
            MaskFile.Read(BrainFile, high.Grid),
            PatchIndex.Read(PatchesFile));
    }

    /// <summary>Reads what its preparation wrote down; null where nothing is there.</summary>
    /// <exception cref="DataException">Damaged.</exception>
    public SubjectDescription? Describe()
    {
        if (!File.Exists(DescriptionFile))
        {
            return null;
        }

        var description = RunJson.Parse<SubjectDescription>(FileText.Read(DescriptionFile), DescriptionFile);
        // JSON can leave out what C# says is there.
        return description.Subject is not null && description.Dwi is not null
            ? description
            : throw new DataException($"{DescriptionFile}: subject and dwi were expected, and one is missing. Remove {Folder} to prepare it anew.");
    }

    /// <summary>Whether a name can be that of a subject's folder, nothing above or below it.</summary>
    internal static bool IsName(string name) =>
        name.Length is > 0 and < 200 && name[0] != '.' && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
