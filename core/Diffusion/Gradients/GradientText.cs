using System.Globalization;
using System.Text;

namespace Iqt.Diffusion;

/// <summary>FSL's text form of b-values and directions.</summary>
public static class GradientText
{
    private static readonly char[] Separators = [' ', '\t', ',', ';', '\r'];

    /// <summary>b-values of a row or a column.</summary>
    /// <exception cref="GradientException">Text that is no number, or nothing at all.</exception>
    public static double[] ParseBValues(string text, string file)
    {
        double[][] rows = ParseRows(text, file);
        if (rows.Length > 1 && rows.Any(row => row.Length != 1))
        {
            throw new GradientException(GradientFault.Unreadable, $"{file}: {rows.Length} rows of several numbers were found, one row or one column of b-values was expected. Perhaps bval and bvec are exchanged.");
        }

        return [.. rows.SelectMany(row => row)];
    }

    /// <summary>
    /// Directions as three rows (FSL) or as rows of three; three rows of three are read as FSL writes them. NaN is
    /// kept for <see cref="GradientTable"/> to judge.
    /// </summary>
    /// <exception cref="GradientException">Neither form.</exception>
    public static GradientDirection[] ParseDirections(string text, string file)
    {
        double[][] rows = ParseRows(text, file);
        if (rows.Length == 3 && rows[0].Length == rows[1].Length && rows[0].Length == rows[2].Length)
        {
            return [.. Enumerable.Range(0, rows[0].Length).Select(i => new GradientDirection(rows[0][i], rows[1][i], rows[2][i]))];
        }

        if (rows.All(row => row.Length == 3))
        {
            return [.. rows.Select(row => new GradientDirection(row[0], row[1], row[2]))];
        }

        string lengths = string.Join(", ", rows.Select(row => row.Length).Distinct().Take(4));
        throw new GradientException(GradientFault.Unreadable, $"{file}: {rows.Length} rows of {lengths} numbers were found, three rows of one number a volume (or a row of three a volume) were expected. Export the bvec again.");
    }

    /// <summary>b-values as one row.</summary>
    public static string FormatBValues(IEnumerable<double> bValues) => Row(bValues) + "\n";

    /// <summary>Directions as FSL's three rows.</summary>
    public static string FormatDirections(IReadOnlyCollection<GradientDirection> directions) =>
        new StringBuilder()
            .Append(Row(directions.Select(d => d.X))).Append('\n')
            .Append(Row(directions.Select(d => d.Y))).Append('\n')
            .Append(Row(directions.Select(d => d.Z))).Append('\n')
            .ToString();

    private static double[][] ParseRows(string text, string file)
    {
        string[] lines = text.TrimStart('\uFEFF').Split('\n');
        var rows = new List<double[]>();
        for (int line = 0; line < lines.Length; line++)
        {
            string[] words = lines[line].Split(Separators, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            var row = new double[words.Length];
            for (int i = 0; i < row.Length; i++)
            {
                if (!double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out row[i]))
                {
                    throw new GradientException(GradientFault.Unreadable, $"{file}, line {line + 1}: '{words[i]}' was found, a number was expected. Export the gradient files again.");
                }
            }

            rows.Add(row);
        }

        return rows.Count > 0
            ? [.. rows]
            : throw new GradientException(GradientFault.Unreadable, $"{file}: is empty, numbers were expected. Export the gradient files again.");
    }

    private static string Row(IEnumerable<double> values) =>
        string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
