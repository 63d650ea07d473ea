using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// Keeps a second process from writing into a run. The system holds the lock for the process and frees it when the
/// process ends, however it ends; the file stays and means nothing.
/// </summary>
public sealed class RunLock : IDisposable
{
    /// <summary>The file in the run's folder.</summary>
    public const string FileName = "run.lock";

    // A second in all.
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;
    private readonly IReadOnlyList<string> _made;
    private readonly bool _madeFile;

    private RunLock(FileStream file, IReadOnlyList<string> made, bool madeFile)
    {
        _file = file;
        _made = made;
        _madeFile = madeFile;
    }

    /// <summary>Takes the lock of a folder, which is made if it is missing.</summary>
    /// <exception cref="DataException">Another process holds it, or the folder can't be written to.</exception>
    public static RunLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                string[] missing = [.. Missing(folder)];
                bool isNew = !File.Exists(path);
                Directory.CreateDirectory(folder);
                var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return new RunLock(file, missing, isNew);
            }
            catch (IOException) when (attempt < Attempts && File.Exists(path) && !IsHeld(folder))
            {
                // Somebody asked whether it is held (IsHeld), and is gone in a moment.
                Thread.Sleep(Pause);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new DataException(
                    IsHeld(folder)
                        ? $"{folder}: another process writes this run, none was expected. Wait for it or end it; iqt train --resume goes on later."
                        : $"{path}: can't be written ({error.Message}). Choose a folder with write permission.",
                    error);
            }
        }
    }

    /// <summary>Whether a process holds the lock.</summary>
    public static bool IsHeld(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            // Shared, so that two that ask don't take each other for the holder.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Gives the lock back and leaves nothing behind that taking it made: the file, and folders if nobody has put anything into
    /// them.
    /// </summary>
    internal void Abandon()
    {
        if (_madeFile)
        {
            File.Delete(_file.Name);
        }

        Dispose();
        foreach (string folder in _made.TakeWhile(folder => !Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            Directory.Delete(folder);
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _file.Dispose();

    // The folder and those around it that are not there, from the inside out.
    private static IEnumerable<string> Missing(string folder)
    {
        for (string? at = Path.GetFullPath(Path.TrimEndingDirectorySeparator(folder)); at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }
}
