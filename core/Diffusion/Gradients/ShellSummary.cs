namespace Iqt.Diffusion;

/// <summary>A shell as it was measured.</summary>
/// <param name="Lowest">Least b in s/mm².</param>
/// <param name="Highest">Largest b in s/mm².</param>
/// <param name="Volumes">Volumes with a direction (b=0: all).</param>
public sealed record ShellSummary(double Lowest, double Highest, int Volumes)
{
    // Shells in use are 300 s/mm² apart or more; scanners scatter by some tens about one.
    private const double Gap = 100;

    /// <summary>b=0 and the shells of a table, ascending; volumes whose b-values are close belong to one.</summary>
    public static IReadOnlyList<ShellSummary> Of(GradientTable table)
    {
        var shells = new List<ShellSummary>();
        int[] baseline = table.BaselineVolumes();
        if (baseline.Length > 0)
        {
            shells.Add(new ShellSummary(baseline.Min(i => table.BValues[i]), baseline.Max(i => table.BValues[i]), baseline.Length));
        }

        int first = shells.Count;
        foreach (double b in Enumerable.Range(0, table.Count).Where(i => table.BValues[i] > GradientTable.BaselineLimit && !table.IsTrace(i)).Select(i => table.BValues[i]).Order())
        {
            if (shells.Count > first && b - shells[^1].Highest <= Gap)
            {
                shells[^1] = shells[^1] with { Highest = b, Volumes = shells[^1].Volumes + 1 };
            }
            else
            {
                shells.Add(new ShellSummary(b, b, 1));
            }
        }

        return shells;
    }

    /// <summary>For example <c>90 at b=990–1010</c>.</summary>
    public override string ToString() => Highest <= GradientTable.BaselineLimit
        ? $"{Volumes} at b=0"
        : FormattableString.Invariant(Lowest == Highest ? $"{Volumes} at b={Lowest:0.#}" : (FormattableString)$"{Volumes} at b={Lowest:0.#}–{Highest:0.#}");
}
