namespace Iqt.Diffusion;

/// <summary>
/// Subjects listed in a tab-separated table with the columns subject, dwi and, if wanted, bval, bvec and mask. An
/// empty field or n/a means: look beside the series, or there is none. Paths are relative to the table's folder.
/// </summary>
public static class PathTable
{
    /// <summary>Reads a table; every row has to be usable, for it was written on purpose.</summary>
    /// <exception cref="DataException">Columns missing, a row of another length, a subject twice, a file that does not exist.</exception>
    public static Dataset Read(string path)
    {
        string[] lines = [.. File.ReadAllLines(path).Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0)];
        string[] header = lines.Length > 0 ? lines[0].TrimStart('\uFEFF').Split('\t') : [];
        int subject = Array.IndexOf(header, "subject"), dwi = Array.IndexOf(header, "dwi");
        if (subject < 0 || dwi < 0)
        {
            throw new DataException($"{path}: its first line has the columns '{string.Join(", ", header)}', at least subject and dwi were expected (then bval, bvec, mask), parted by tabs. Correct the first line.");
        }

        var subjects = new List<SubjectFiles>();
        for (int row = 1; row < lines.Length; row++)
        {
            string[] fields = lines[row].Split('\t');
            if (fields.Length != header.Length)
            {
                throw new DataException($"{path}: row {row} has {fields.Length} fields, {header.Length} were expected as in the first line. Correct the row; fields are parted by tabs.");
            }

            string name = fields[subject].Trim();
            if (subjects.Any(other => other.Name == name))
            {
                throw new DataException($"{path}: row {row} names the subject '{name}' again, each once was expected. Give it another name.");
            }

            string series = Existing(path, row, "dwi", fields, dwi)
                ?? throw new DataException($"{path}: row {row} has no dwi, a path was expected. Complete the row.");
            GradientFiles gradients = Beside(
                series,
                Existing(path, row, "bval", fields, Array.IndexOf(header, "bval")),
                Existing(path, row, "bvec", fields, Array.IndexOf(header, "bvec")));
            subjects.Add(new SubjectFiles(name, name, series, gradients, Existing(path, row, "mask", fields, Array.IndexOf(header, "mask"))));
        }

        return subjects.Count > 0
            ? new Dataset(subjects, [], DatasetLayout.Table)
            : throw new DataException($"{path}: lists no subject, at least one row below the first line was expected. Add rows.");
    }

    private static GradientFiles Beside(string series, string? bValues, string? directions)
    {
        if (bValues is not null && directions is not null)
        {
            return new GradientFiles(bValues, directions);
        }

        GradientFiles found = GradientFiles.Beside(series);
        return new GradientFiles(bValues ?? found.BValues, directions ?? found.Directions);
    }

    private static string? Existing(string table, int row, string column, string[] fields, int index)
    {
        string field = index < 0 ? "" : fields[index].Trim();
        if (field is "" or "n/a")
        {
            return null;
        }

        if (field.Contains('\0', StringComparison.Ordinal))
        {
            throw new DataException($"{table}: row {row} has a null character in its {column}, a path was expected. Correct it; the table has to be plain text.");
        }

        string path = Path.GetFullPath(field, Path.GetDirectoryName(Path.GetFullPath(table))!);
        return File.Exists(path)
            ? path
            : throw new DataException($"{table}: row {row} names the {column} {path}, which does not exist. Correct the path; relative ones start at the table's folder.");
    }
}
