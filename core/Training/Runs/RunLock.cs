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

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a folder, which is made if it is missing.</summary>
    /// <exception cref="DataException">Another process holds it, or the folder can't be written to.</exception>
    public static RunLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new RunLock(file);
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
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
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

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _file.Dispose();
}
