namespace Iqt.Reversible;

/// <summary>Guesses which of some names was meant by one that is not among them.</summary>
public static class NearName
{
    private const int MostEdits = 2;

    /// <summary>The nearest name by letters added, left out or exchanged; null if none is near.</summary>
    public static string? Of(string typed, IEnumerable<string> known) => known
        .Select(name => (Name: name, Edits: Edits(typed.ToLowerInvariant(), name.ToLowerInvariant())))
        // Of two letters, two edits would make any other two.
        .Where(near => near.Edits <= MostEdits && 2 * near.Edits < near.Name.Length)
        .OrderBy(near => near.Edits)
        .Select(near => near.Name)
        .FirstOrDefault();

    /// <summary>A question to the user with a space before it, or nothing.</summary>
    public static string Question(string typed, IEnumerable<string> known) =>
        Of(typed, known) is { } name ? $" Did you mean {name}?" : "";

    // Levenshtein's distance, row by row.
    private static int Edits(string from, string to)
    {
        int[] above = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int[] row = new int[to.Length + 1];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int exchanged = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(exchanged, Math.Min(above[j], row[j - 1]) + 1);
            }

            above = row;
        }

        return above[to.Length];
    }
}
