using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>Subjects in memory, what is held out, and the normalisation of the rest.</summary>
/// <param name="Subjects">Training and validation subjects.</param>
/// <param name="Split">Which patches do which.</param>
/// <param name="Geometry">Of the network's patches.</param>
/// <param name="Normalization">Of the training patches only.</param>
public sealed record TrainingData(
    IReadOnlyList<SubjectImages> Subjects,
    PatchSplit Split,
    PatchGeometry Geometry,
    Normalization Normalization)
{
    /// <summary>Splits the subjects' patches and computes the normalisation.</summary>
    /// <exception cref="DataException">Too few subjects or patches, or an upsampling rate other than the network's.</exception>
    public static TrainingData Of(IReadOnlyList<SubjectImages> subjects, PatchGeometry geometry, TrainingSettings settings)
    {
        if (subjects.FirstOrDefault(subject => subject.Rate != geometry.Rate) is { } odd)
        {
            throw new DataException($"{odd.Id}: was prepared for upsampling by {odd.Rate}, the network upsamples by {geometry.Rate}. Prepare the data set with that factor or choose another network.");
        }

        PatchSplit split = PatchSplit.Of(subjects, settings);
        return new TrainingData(subjects, split, geometry, NormalizationStatistics.Of(subjects, split.Training, geometry, settings.Normalization));
    }
}
