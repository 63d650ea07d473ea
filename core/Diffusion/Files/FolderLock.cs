namespace Iqt.Diffusion;

/// <summary>A folder that one process at a time writes to. The system lets go of it with the process, however that ends.</summary>
public sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes a folder, which is made if it is missing; a hidden file stands in it as long.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="command">Which command others would be running there, for the message.</param>
    /// <exception cref="DataException">Another process writes to it, or it can't be written.</exception>
    public static FolderLock Take(string folder, string command)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FolderLock(new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder}: can't be written to ({error.Message}). If another {command} is running there, wait for it; otherwise choose a folder with write permission and space.", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
