using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// What a subject's files held when it was prepared: a corrected gradient table keeps its name. The series, which may have
/// gigabytes, is told by its length.
/// </summary>
/// <param name="DwiBytes">Length of the series' file.</param>
/// <param name="BvalSha256">Of the b-values' file.</param>
/// <param name="BvecSha256">Of the directions' file.</param>
/// <param name="MaskSha256">Of the mask's file, or null if the mask was computed.</param>
public sealed record SourceContents(long DwiBytes, string BvalSha256, string BvecSha256, string? MaskSha256)
{
    /// <summary>What files hold now; null where one is not there, as after a move.</summary>
    internal static SourceContents? Of(SubjectFiles files)
    {
        string?[] paths = [files.Dwi, files.Gradients.BValues, files.Gradients.Directions, files.Mask];
        return paths.All(path => path is null || File.Exists(path))
            ? new SourceContents(
                new FileInfo(files.Dwi).Length,
                FileHash.Sha256(files.Gradients.BValues),
                FileHash.Sha256(files.Gradients.Directions),
                files.Mask is null ? null : FileHash.Sha256(files.Mask))
            : null;
    }

    /// <summary>The first of a subject's files that holds something else now, or null.</summary>
    internal string? Changed(SubjectFiles files) => Of(files) switch
    {
        null => null,
        { } now when now.DwiBytes != DwiBytes => files.Dwi,
        { } now when now.BvalSha256 != BvalSha256 => files.Gradients.BValues,
        { } now when now.BvecSha256 != BvecSha256 => files.Gradients.Directions,
        { } now when now.MaskSha256 != MaskSha256 => files.Mask,
        _ => null,
    };
}
