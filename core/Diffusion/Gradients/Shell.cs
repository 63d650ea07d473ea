namespace Iqt.Diffusion;

/// <summary>
/// A choice of volumes for the tensor fit: b=0 and one shell. The paper fits b=1000 with b=0.
/// </summary>
/// <param name="BValue">Centre of the shell in s/mm².</param>
/// <param name="Tolerance">Largest distance from the centre in s/mm²; scanners state 995 or 1005 for 1000.</param>
/// <param name="BaselineLimit">Largest b that counts as b=0, in s/mm².</param>
public sealed record Shell(double BValue = 1000, double Tolerance = 100, double BaselineLimit = GradientTable.BaselineLimit)
{
    /// <summary>Indices of the b=0 and shell volumes, ascending; trace volumes are left out.</summary>
    /// <exception cref="GradientException">No b=0 volume, or none on the shell.</exception>
    public int[] Volumes(GradientTable table)
    {
        int[] baseline = table.BaselineVolumes(BaselineLimit);
        if (baseline.Length == 0)
        {
            throw new GradientException(GradientFault.ShellAbsent, $"{table.BValueName}: no volume with b ≤ {BaselineLimit:R} s/mm² was found (the least is {Least(table)}), at least one was expected as b=0. Add the b=0 volume.");
        }

        int[] shell = [.. Enumerable.Range(0, table.Count).Where(i => table.BValues[i] > BaselineLimit && Math.Abs(table.BValues[i] - BValue) <= Tolerance && !table.IsTrace(i))];
        if (shell.Length == 0)
        {
            string found = string.Join(", ", ShellSummary.Of(table));
            throw new GradientException(GradientFault.ShellAbsent, $"{table.BValueName}: no volume at b={BValue:R} ± {Tolerance:R} s/mm² was found (found: {found}). Choose one of these shells with --shell.");
        }

        return [.. baseline.Concat(shell).Order()];
    }

    private static string Least(GradientTable table) => table.Count == 0 ? "none" : $"{table.BValues.Min():R}";
}
