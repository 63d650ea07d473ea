using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// The output folder while it is written to: held by one process at a time, and rid of what a killed one left.
/// </summary>
internal sealed class PreparationFolder : IDisposable
{
    private readonly FolderLock _lock;

    private PreparationFolder(FolderLock held) => _lock = held;

    /// <summary>Takes the folder, which is made if it is missing.</summary>
    /// <exception cref="PreparedDatasetException">It holds something else.</exception>
    /// <exception cref="DataException">Another process writes to it, or it can't be written.</exception>
    public static PreparationFolder Take(string folder)
    {
        // Names with a dot are ours: the lock, temporary files, subjects that were not finished.
        bool free = !Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).All(entry => Path.GetFileName(entry)[0] == '.');
        if (!free && !File.Exists(Path.Combine(folder, PreparedDataset.FileName)))
        {
            throw new PreparedDatasetException(PreparedDatasetFault.NotPrepared, $"{folder}: holds files but no {PreparedDataset.FileName}, a new folder or a prepared data set was expected. Choose another folder.");
        }

        var held = FolderLock.Take(folder, "iqt prepare");
        Clean(folder);
        return new PreparationFolder(held);
    }

    /// <summary>Where a subject is written until it is complete.</summary>
    public static string Unfinished(string folder, string subject) => Path.Combine(folder, $".{subject}.partial");

    public void Dispose() => _lock.Dispose();

    private static void Clean(string folder)
    {
        foreach (string partial in Directory.EnumerateDirectories(folder, ".*.partial"))
        {
            Directory.Delete(partial, recursive: true);
        }

        foreach (string temporary in Directory.EnumerateFiles(folder, $".{PreparedDataset.FileName}.*.tmp"))
        {
            File.Delete(temporary);
        }
    }
}
