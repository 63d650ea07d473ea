using System.Text.Json;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// The folder that <c>iqt prepare</c> writes: <c>dataset.json</c> (settings and names of the subjects) and a folder
/// for each subject.
/// </summary>
public sealed class PreparedDataset
{
    /// <summary>Settings and names of the subjects.</summary>
    internal const string FileName = "dataset.json";

    private PreparedDataset(string folder, PreparationSettings settings, IReadOnlyList<PreparedSubject> subjects)
    {
        Folder = folder;
        Settings = settings;
        Subjects = subjects;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>What it was prepared with.</summary>
    public PreparationSettings Settings { get; }

    /// <summary>In the order in which they were prepared.</summary>
    public IReadOnlyList<PreparedSubject> Subjects { get; }

    /// <summary>Opens a prepared data set whose subjects are all there.</summary>
    /// <exception cref="PreparedDatasetException">Not prepared, or not to the end.</exception>
    /// <exception cref="DataException">Damaged.</exception>
    public static PreparedDataset Open(string folder)
    {
        Description description = Read(folder)
            ?? throw new PreparedDatasetException(PreparedDatasetFault.NotPrepared, $"{folder}: {(Directory.Exists(folder) ? "holds no dataset.json" : "does not exist")}, a prepared data set was expected. Run iqt prepare first and name its output.");
        PreparedSubject[] subjects = [.. description.Subjects.Select(id => new PreparedSubject(id, Path.Combine(folder, id)))];
        return subjects.FirstOrDefault(subject => !subject.Exists) is { } missing
            ? throw new PreparedDatasetException(PreparedDatasetFault.Incomplete, $"{folder}: subject {missing.Id} is not there, {subjects.Length} subjects were expected. Run iqt prepare again; it goes on where it ended.")
            : new PreparedDataset(folder, description.Settings, subjects);
    }

    /// <summary>The subjects for training and validation: the first ones that are not test subjects.</summary>
    /// <param name="count">How many; all but the test subjects if null.</param>
    /// <param name="testSubjects">Subjects at the end that are left out.</param>
    /// <exception cref="PreparedDatasetException">There are fewer.</exception>
    public IReadOnlyList<PreparedSubject> Choose(int? count, int testSubjects)
    {
        int free = Subjects.Count - testSubjects, wanted = count ?? free;
        if (count is null && free < 1)
        {
            throw new PreparedDatasetException(PreparedDatasetFault.TooFewSubjects, $"{Folder}: {PatchSplit.LeftOf(Subjects.Count, testSubjects)}, {PatchSplit.Expected}. Prepare more subjects or leave fewer for testing.");
        }

        return wanted <= free
            ? [.. Subjects.Take(wanted)]
            : throw new PreparedDatasetException(PreparedDatasetFault.TooFewSubjects, $"{Folder}: has {Subjects.Count} subjects, {wanted} for training and {testSubjects} for testing were expected. Prepare more subjects or ask for fewer.");
    }

    /// <summary>The subjects with the given names, in that order.</summary>
    /// <exception cref="DataException">One is not there.</exception>
    public IReadOnlyList<PreparedSubject> Find(IEnumerable<string> ids) =>
        [.. ids.Select(id => Subjects.FirstOrDefault(subject => subject.Id == id)
            ?? throw new DataException($"{Folder}: has no subject {id}, one of {string.Join(", ", Subjects.Select(subject => subject.Id))} was expected. Name one of these or prepare it."))];

    /// <summary>
    /// Writes or extends <c>dataset.json</c>; subjects that are prepared stay, names of others that nobody asks for any more go.
    /// As long as none is prepared, other settings take the place of those that failed.
    /// </summary>
    /// <exception cref="PreparedDatasetException">Subjects were prepared with other settings.</exception>
    internal static void Announce(string folder, PreparationSettings settings, IReadOnlyCollection<string> subjects)
    {
        bool IsPrepared(string id) => new PreparedSubject(id, Path.Combine(folder, id)).Exists;
        Description? found = Read(folder);
        if (found is not null && found.Settings != settings)
        {
            if (found.Subjects.FirstOrDefault(IsPrepared) is { } prepared)
            {
                throw new PreparedDatasetException(
                    PreparedDatasetFault.OtherSettings,
                    $"{folder}: {prepared} was prepared with {OtherSettings(found.Settings, settings)}, or name another folder.");
            }

            found = null;
        }

        IEnumerable<string> kept = (found?.Subjects ?? []).Where(id => IsPrepared(id) || subjects.Contains(id, StringComparer.Ordinal));
        Write(folder, settings, [.. kept.Union(subjects, StringComparer.Ordinal)]);
    }

    /// <summary>Takes subjects off <c>dataset.json</c> that could not be prepared.</summary>
    internal static void Remove(string folder, IReadOnlyCollection<string> subjects)
    {
        if (subjects.Count > 0 && Read(folder) is { } found)
        {
            Write(folder, found.Settings, [.. found.Subjects.Except(subjects, StringComparer.Ordinal)]);
        }
    }

    private static void Write(string folder, PreparationSettings settings, string[] subjects) =>
        AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(new Description(settings, subjects), RunJson.Options) + "\n");

    private static Description? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        var description = RunJson.Parse<Description>(FileText.Read(path), path);
        // JSON can leave out or null what C# says is there.
        if (description.Settings is null || description.Subjects is null || description.Subjects.Contains(null!))
        {
            throw new DataException($"{path}: settings and names of subjects were expected, and one is missing. Prepare the data set again.");
        }

        return description.Subjects.FirstOrDefault(id => !PreparedSubject.IsName(id)) is { } odd
            ? throw new DataException($"{path}: '{odd}' was found, the name of a subject was expected. Prepare the data set again.")
            : description;
    }

    // Names and values as they stand in dataset.json, of the settings that differ. Who gave none is told where the other
    // value comes from.
    private static string OtherSettings(PreparationSettings found, PreparationSettings expected)
    {
        JsonElement before = Json(found), now = Json(expected), usual = Json(new PreparationSettings());
        JsonProperty[] others = [.. before.EnumerateObject().Where(setting => !JsonElement.DeepEquals(setting.Value, now.GetProperty(setting.Name)))];
        string differences = string.Join(", ", others.Select(setting =>
        {
            JsonElement value = now.GetProperty(setting.Name);
            string origin = JsonElement.DeepEquals(value, usual.GetProperty(setting.Name)) ? " (the default)" : "";
            return $"{setting.Name} {setting.Value}, {value}{origin} was expected";
        }));
        return $"{differences}. Ask for {string.Join(", ", others.Select(setting => $"{setting.Name} {setting.Value}"))} again";
    }

    private static JsonElement Json(PreparationSettings settings) => JsonSerializer.SerializeToElement(settings, RunJson.Options);

    private sealed record Description(PreparationSettings Settings, IReadOnlyList<string> Subjects);
}
