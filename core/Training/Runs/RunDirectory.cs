using System.Text;
using System.Text.Json;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// The folder of one run: <c>settings.json</c>, <c>versions.json</c>, <c>subjects.tsv</c>, <c>metrics.jsonl</c>,
/// <c>checkpoints/best.safetensors</c> and <c>checkpoints/last.safetensors</c>, <c>tensorboard/</c>. Every file is
/// complete or absent; a kill loses at most the epoch in progress.
/// </summary>
public sealed class RunDirectory
{
    private const string SubjectsHeader = "subject\trole";

    // What a kill during Create can leave behind: no reason to refuse the folder.
    private static readonly string[] Beginnings = [RunLock.FileName, "versions.json", "subjects.tsv"];

    private readonly StringBuilder _metrics = new();
    private readonly TensorBoardEvents _events;

    private RunDirectory(string folder, TrainingSettings settings, IReadOnlyList<RunSubject> subjects)
    {
        Folder = folder;
        Settings = settings;
        Subjects = subjects;
        _events = new TensorBoardEvents(Path.Combine(folder, "tensorboard"));
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>All that decided the training.</summary>
    public TrainingSettings Settings { get; }

    /// <summary>All subjects of the data set with their roles.</summary>
    public IReadOnlyList<RunSubject> Subjects { get; }

    /// <summary>The subjects whose patches this run or those that it began from learnt from.</summary>
    /// <exception cref="DataException"><c>versions.json</c> is missing or damaged.</exception>
    public IReadOnlyList<string> TrainedOn =>
        [.. Subjects.Where(subject => subject.Role is SubjectRole.Training or SubjectRole.TrainingAndValidation).Select(subject => subject.Id).Union(ReadVersions().From?.TrainedOn ?? [])];

    /// <summary>The checkpoint of the best validation loss.</summary>
    public string BestCheckpoint => Path.Combine(Folder, "checkpoints", "best.safetensors");

    /// <summary>The checkpoint of the last finished epoch.</summary>
    public string LastCheckpoint => Path.Combine(Folder, "checkpoints", "last.safetensors");

    /// <summary>Whether a folder holds a run.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, "settings.json"));

    private string VersionsFile => Path.Combine(Folder, "versions.json");

    private string MetricsFile => Path.Combine(Folder, "metrics.jsonl");

    /// <summary>Begins a run in a new or empty folder.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="settings">All resolved.</param>
    /// <param name="subjects">All of the data set with their roles.</param>
    /// <param name="from">Whose weights it starts from, if anyone's; goes to <c>versions.json</c>.</param>
    /// <exception cref="DataException">The folder holds something, or can't be written to.</exception>
    public static RunDirectory Create(string folder, TrainingSettings settings, IReadOnlyList<RunSubject> subjects, RunOrigin? from = null)
    {
        CheckFree(folder);
        string subjectLines = string.Concat(subjects.Select(subject => $"{subject.Id}\t{RoleName(subject.Role)}\n"));
        AtomicFile.WriteText(Path.Combine(folder, "versions.json"), JsonSerializer.Serialize(RunVersions.Current() with { From = from }, RunJson.Options) + "\n");
        AtomicFile.WriteText(Path.Combine(folder, "subjects.tsv"), SubjectsHeader + "\n" + subjectLines);
        AtomicFile.WriteText(Path.Combine(folder, "settings.json"), settings.Format());
        return new RunDirectory(folder, settings, subjects);
    }

    /// <summary>Refuses a folder that holds something, so that no run overwrites another.</summary>
    /// <exception cref="DataException">It does.</exception>
    public static void CheckFree(string folder)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(path => !IsBeginning(Path.GetFileName(path)))))
        {
            throw new DataException($"{folder}: {Occupant(folder)}.");
        }
    }

    // What is in the way of a new run, and what to do about it.
    private static string Occupant(string folder)
    {
        const string Expected = "a new or empty folder was expected for a run";
        return RunStage.Of(folder) switch
        {
            null => $"exists already, {Expected}. Choose another or remove it",
            { IsHeld: true } => $"is being trained by another process, {Expected}. Choose another folder, or wait for it",
            { IsFinished: true } => $"holds a finished run, {Expected}. Choose another folder or remove it",
            var stopped => $"holds a run that stopped {stopped.Place}, {Expected}. Go on with it (iqt train --resume) or choose another folder",
        };
    }

    /// <summary>Opens a run to read it.</summary>
    /// <exception cref="DataException">Not a run, or damaged.</exception>
    public static RunDirectory Open(string folder)
    {
        string settings = Path.Combine(folder, "settings.json");
        if (!File.Exists(settings))
        {
            string found = Directory.Exists(folder) ? "holds no settings.json" : File.Exists(folder) ? "is a file" : "does not exist";
            throw new DataException($"{folder}: {found}, the folder of a run was expected. Name a folder that iqt train wrote.");
        }

        return new RunDirectory(folder, TrainingSettingsJson.Parse(FileText.Read(settings), settings), ReadSubjects(Path.Combine(folder, "subjects.tsv")));
    }

    /// <summary>What the run was begun with.</summary>
    /// <exception cref="DataException">Missing or damaged.</exception>
    public RunVersions ReadVersions() =>
        RunJson.Parse<RunVersions>(FileText.Read(VersionsFile), VersionsFile);

    /// <summary>The finished epochs.</summary>
    /// <exception cref="DataException">The metrics are damaged.</exception>
    public IReadOnlyList<EpochMetrics> ReadMetrics() => File.Exists(MetricsFile)
        ? [.. FileText.ReadLines(MetricsFile).Select((line, i) => RunJson.Parse<EpochMetrics>(line, $"{MetricsFile}, line {i + 1}"))]
        : [];

    /// <summary>Opens a run that goes on after its last checkpoint; null if it was stopped before it had one.</summary>
    /// <exception cref="DataException">Not a run, or damaged.</exception>
    internal static (RunDirectory Run, Checkpoint? Last) Reopen(string folder)
    {
        RunDirectory run = Open(folder);
        foreach (string remains in Directory.EnumerateFiles(folder, ".*.tmp", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            File.Delete(remains);
        }

        Checkpoint? last = File.Exists(run.LastCheckpoint) ? Checkpoint.Read(run.LastCheckpoint) : null;
        // The checkpoint is written last: an epoch that has a line but no checkpoint is trained again.
        EpochMetrics[] finished = [.. run.ReadMetrics().Where(epoch => epoch.Epoch <= (last?.Epoch ?? 0))];
        run._events.Rewrite(finished);
        foreach (EpochMetrics epoch in finished)
        {
            run.AddLine(epoch);
        }

        return (run, last);
    }

    /// <summary>Keeps the start values: what is left if the first epoch fails.</summary>
    internal void Begin(Checkpoint checkpoint) => checkpoint.Write(LastCheckpoint);

    /// <summary>Keeps a finished epoch. The last checkpoint, with which a run goes on, is written when all else is.</summary>
    internal void Finish(EpochMetrics metrics, Checkpoint checkpoint)
    {
        AddLine(metrics);
        // At most some hundred short lines: written anew, the file is never half a line.
        AtomicFile.WriteText(MetricsFile, _metrics.ToString());
        if (metrics.IsBest)
        {
            (checkpoint with { Resumption = null }).Write(BestCheckpoint);
        }

        checkpoint.Write(LastCheckpoint);
        _events.Add(metrics);
    }

    private void AddLine(EpochMetrics metrics) =>
        _metrics.Append(JsonSerializer.Serialize(metrics, RunJson.Line)).Append('\n');

    private static bool IsBeginning(string name) =>
        Beginnings.Contains(name) || (name.StartsWith('.') && name.EndsWith(".tmp", StringComparison.Ordinal));

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
