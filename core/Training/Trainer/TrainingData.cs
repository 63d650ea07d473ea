using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>Subjects in memory, what is held out, and the normalisation of the rest.</summary>
/// <param name="Subjects">Training and validation subjects.</param>
/// <param name="Split">Which patches do which.</param>
/// <param name="Geometry">Of the network's patches.</param>
/// <param name="Normalization">Of the training patches only, or of the run that the training starts from.</param>
/// <param name="Fingerprint">Of the training patches' own means and deviations: other data have another.</param>
/// <param name="ValidationFingerprint">Of the validation patches', likewise.</param>
public sealed record TrainingData(
    IReadOnlyList<SubjectImages> Subjects,
    PatchSplit Split,
    PatchGeometry Geometry,
    Normalization Normalization,
    string Fingerprint,
    string ValidationFingerprint)
{
    /// <summary>How the subjects' tensors were fitted, which a scan's have to be as well; null if not known.</summary>
    public FitOptions? Fit { get; init; }

    /// <summary>Splits the subjects' patches and computes the normalisation.</summary>
    /// <param name="subjects">Training and validation subjects.</param>
    /// <param name="geometry">Of the network's patches.</param>
    /// <param name="settings">Those of the split and the normalisation.</param>
    /// <param name="given">The normalisation that a trained network was trained under; the data's own if null.</param>
    /// <exception cref="DataException">Too few subjects or patches, or an upsampling rate other than the network's.</exception>
    public static TrainingData Of(IReadOnlyList<SubjectImages> subjects, PatchGeometry geometry, TrainingSettings settings, Normalization? given = null)
    {
        if (subjects.FirstOrDefault(subject => subject.Rate != geometry.Rate) is { } odd)
        {
            throw new DataException($"{odd.Id}: was prepared for upsampling by {odd.Rate}, the network upsamples by {geometry.Rate}. Let the network's output upsample by {odd.Rate} ([VoxelShuffle({odd.Rate})]), prepare the data set with the network's factor, or choose another network.");
        }

        PatchSplit split = PatchSplit.Of(subjects, settings);
        Normalization Of(PatchReference[] patches) => NormalizationStatistics.Of(subjects, patches, geometry, settings.Normalization);
        Normalization own = Of(split.Training);
        return new TrainingData(subjects, split, geometry, given ?? own, FingerprintOf(own), FingerprintOf(Of(split.Validation)));
    }

    /// <summary>Whether a run that was stopped with this state had these images and patches.</summary>
    internal bool Is(ResumptionState state) =>
        state.Data == Fingerprint && (state.ValidationData is null || state.ValidationData == ValidationFingerprint);

    private static string FingerprintOf(Normalization own)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Standardization side in new[] { own.Input, own.Target })
        {
            hash.AppendData(MemoryMarshal.AsBytes(side.Means.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(side.Deviations.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
