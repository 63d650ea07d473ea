using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>What a data set has to be for a preparation: one series a subject, and names that folders can have.</summary>
public static class SubjectNames
{
    /// <summary>Why a series can't be prepared beside the others of its data set; null if it can.</summary>
    /// <param name="series">One of them.</param>
    /// <param name="all">All of the data set.</param>
    public static string? Problem(SubjectFiles series, IReadOnlyList<SubjectFiles> all)
    {
        if (!PreparedSubject.IsName(series.Name))
        {
            return $"{series.Dwi}: the subject is called '{series.Name}', a name of letters, digits, '-', '_' and '.' was expected. Rename it.";
        }

        // Held-out subjects must be other people, which two series of one person would break.
        SubjectFiles[] same = [.. all.Where(other => other.Subject == series.Subject)];
        return same.Length > 1
            ? $"subject {series.Subject}: has {same.Length} series ({string.Join(", ", same.Select(files => files.Name))}), one was expected. Choose one a subject with a .tsv table of paths."
            : null;
    }
}
