namespace Iqt.Diffusion;

/// <summary>
/// Subjects listed in a tab-separated table with the columns subject, dwi and, if wanted, bval, bvec and mask. An
/// empty field or n/a means: look beside the series, or there is none. Paths are relative to the table's folder.
/// </summary>
public static class PathTable
{
    /// <summary>
    /// Reads a table. A row whose files are not there is listed with its <see cref="SubjectFiles.Problem"/>, so that one typo
    /// does not hide the other rows; who prepares the subjects refuses it.
    /// </summary>
    /// <exception cref="DataException">Columns missing, a row of another length, a subject twice, a path that can't be one.</exception>
    public static Dataset Read(string path)
    {
        string[] lines = [.. File.ReadAllLines(path).Select(line => line.TrimEnd('\r'))];
        int first = Array.FindIndex(lines, line => line.Length > 0);
        string[] header = first < 0 ? [] : lines[first].TrimStart('\uFEFF').Split('\t');
        if (!header.Contains("subject") || !header.Contains("dwi"))
        {
            throw new DataException($"{path}: its first line has the columns '{string.Join(", ", header)}', at least subject and dwi were expected (then bval, bvec, mask), parted by tabs. Correct the first line.");
        }

        var subjects = new List<SubjectFiles>();
        for (int i = first + 1; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
            {
                continue;
            }

            SubjectFiles files = new Row(path, i + 1, header, lines[i].Split('\t')).Read();
            if (subjects.Any(other => other.Name == files.Name))
            {
                throw new DataException($"{path}: line {i + 1} names the subject '{files.Name}' again, each once was expected. Give it another name.");
            }

            subjects.Add(files);
        }

        return subjects.Count > 0
            ? new Dataset(subjects, [], DatasetLayout.Table)
            : throw new DataException($"{path}: lists no subject, at least one row below the first line was expected. Add rows.");
    }

    private sealed class Row
    {
        private readonly string _table;
        private readonly int _line;
        private readonly string[] _header;
        private readonly string[] _fields;
        private string? _problem;

        public Row(string table, int line, string[] header, string[] fields)
        {
            _table = table;
            _line = line;
            _header = header;
            _fields = fields;
            if (fields.Length != header.Length)
            {
                throw new DataException($"{table}: line {line} has {fields.Length} fields, {header.Length} were expected as in the first line. Correct the line; fields are parted by tabs.");
            }
        }

        public SubjectFiles Read()
        {
            string name = _fields[Array.IndexOf(_header, "subject")].Trim();
            string series = Named("dwi")
                ?? throw new DataException($"{_table}: line {_line} has no dwi, a path was expected. Complete the line.");
            GradientFiles gradients = Gradients(series);
            return new SubjectFiles(name, name, series, gradients, Named("mask")) { Problem = _problem };
        }

        private GradientFiles Gradients(string series)
        {
            string? bValues = Named("bval"), directions = Named("bvec");
            if ((bValues is null || directions is null) && _problem is null)
            {
                try
                {
                    bValues ??= GradientFiles.BValuesBeside(series);
                    directions ??= GradientFiles.DirectionsBeside(series);
                }
                catch (GradientException error)
                {
                    _problem = $"{_table}: line {_line} can't be used. {error.Message}";
                }
            }

            return new GradientFiles(bValues ?? "", directions ?? "");
        }

        private string? Named(string column)
        {
            int index = Array.IndexOf(_header, column);
            string field = index < 0 ? "" : _fields[index].Trim();
            if (field is "" or "n/a")
            {
                return null;
            }

            if (field.Contains('\0', StringComparison.Ordinal))
            {
                throw new DataException($"{_table}: line {_line} has a null character in its {column}, a path was expected. Correct it; the table has to be plain text.");
            }

            string path = Path.GetFullPath(field, Path.GetDirectoryName(Path.GetFullPath(_table))!);
            if (!File.Exists(path))
            {
                string what = Directory.Exists(path) ? "is a folder" : "does not exist";
                _problem ??= $"{_table}: line {_line} names the {column} {path}, which {what}. Correct the path; relative ones start at the table's folder.";
            }

            return path;
        }
    }
}
