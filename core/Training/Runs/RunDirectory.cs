using System.Text;
using System.Text.Json;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// The folder of one run: <c>settings.json</c>, <c>versions.json</c>, <c>subjects.tsv</c>, <c>metrics.jsonl</c>,
/// <c>checkpoints/best.safetensors</c> and <c>checkpoints/last.safetensors</c>. Every file is complete or absent; a
/// kill loses at most the epoch in progress.
/// </summary>
public sealed class RunDirectory
{
    private const string SubjectsHeader = "subject\trole";

    private readonly StringBuilder _metrics = new();

    private RunDirectory(string folder, TrainingSettings settings, IReadOnlyList<RunSubject> subjects)
    {
        Folder = folder;
        Settings = settings;
        Subjects = subjects;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>All that decided the training.</summary>
    public TrainingSettings Settings { get; }

    /// <summary>All subjects of the data set with their roles.</summary>
    public IReadOnlyList<RunSubject> Subjects { get; }

    /// <summary>The checkpoint of the best validation loss.</summary>
    public string BestCheckpoint => Path.Combine(Folder, "checkpoints", "best.safetensors");

    /// <summary>The checkpoint of the last finished epoch.</summary>
    public string LastCheckpoint => Path.Combine(Folder, "checkpoints", "last.safetensors");

    private string MetricsFile => Path.Combine(Folder, "metrics.jsonl");

    /// <summary>Begins a run in a new or empty folder.</summary>
    /// <exception cref="DataException">The folder holds something, or can't be written to.</exception>
    public static RunDirectory Create(string folder, TrainingSettings settings, IReadOnlyList<RunSubject> subjects)
    {
        CheckFree(folder);
        string subjectLines = string.Concat(subjects.Select(subject => $"{subject.Id}\t{RoleName(subject.Role)}\n"));
        AtomicFile.WriteText(Path.Combine(folder, "versions.json"), JsonSerializer.Serialize(RunVersions.Current(), RunJson.Options) + "\n");
        AtomicFile.WriteText(Path.Combine(folder, "subjects.tsv"), SubjectsHeader + "\n" + subjectLines);
        AtomicFile.WriteText(Path.Combine(folder, "settings.json"), settings.Format());
        return new RunDirectory(folder, settings, subjects);
    }

    /// <summary>Refuses a folder that holds something, so that no run overwrites another.</summary>
    /// <exception cref="DataException">It does.</exception>
    public static void CheckFree(string folder)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new DataException($"{folder}: exists already, a new or empty folder was expected for a run. Choose another or remove it.");
        }
    }

    /// <summary>Opens a run to read it.</summary>
    /// <exception cref="DataException">Not a run, or damaged.</exception>
    public static RunDirectory Open(string folder)
    {
        string settings = Path.Combine(folder, "settings.json");
        if (!File.Exists(settings))
        {
            throw new DataException($"{folder}: holds no settings.json, the folder of a run was expected. Name a folder that iqt train wrote.");
        }

        return new RunDirectory(folder, TrainingSettingsJson.Parse(FileText.Read(settings), settings), ReadSubjects(Path.Combine(folder, "subjects.tsv")));
    }

    /// <summary>The finished epochs.</summary>
    /// <exception cref="DataException">The metrics are damaged.</exception>
    public IReadOnlyList<EpochMetrics> ReadMetrics() => File.Exists(MetricsFile)
        ? [.. FileText.ReadLines(MetricsFile).Select((line, i) => RunJson.Parse<EpochMetrics>(line, $"{MetricsFile}, line {i + 1}"))]
        : [];

    internal void Append(EpochMetrics metrics)
    {
        // At most some hundred short lines: written anew, the file is never half a line.
        _metrics.Append(JsonSerializer.Serialize(metrics, RunJson.Line)).Append('\n');
        AtomicFile.WriteText(MetricsFile, _metrics.ToString());
    }

    internal void WriteBest(Checkpoint checkpoint) => checkpoint.Write(BestCheckpoint);

    internal void WriteLast(Checkpoint checkpoint) => checkpoint.Write(LastCheckpoint);

    private static IReadOnlyList<RunSubject> ReadSubjects(string path)
    {
        string[] lines = FileText.ReadLines(path);
        if (lines.Length == 0 || lines[0] != SubjectsHeader)
        {
            throw new DataException($"{path}: the first line 'subject role' was expected. The run is damaged; train again.");
        }

        return [.. lines.Skip(1).Select((line, i) => line.Split('\t') is [{ } id, { } role] && ParseRole(role) is { } known
            ? new RunSubject(id, known)
            : throw new DataException($"{path}, line {i + 2}: '{line}' was found, a subject and its role were expected. The run is damaged; train again."))];
    }

    private static string RoleName(SubjectRole role) => JsonNamingPolicy.KebabCaseLower.ConvertName(role.ToString());

    private static SubjectRole? ParseRole(string name) =>
        Enum.GetValues<SubjectRole>().Cast<SubjectRole?>().FirstOrDefault(role => RoleName(role!.Value) == name);
}
