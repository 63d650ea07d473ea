using System.Text;

namespace Iqt.Diffusion;

/// <summary>
/// A file that appears under its final name only when it is complete: written to a temporary file in the same
/// folder, flushed to the disk, renamed. A kill at any moment leaves the old file or the new one, never a part.
/// </summary>
public sealed class AtomicFile : IDisposable
{
    private readonly string _temporary;
    private readonly FileStream _file;
    private readonly NamedStream _stream;
    private bool _finished;

    private AtomicFile(string path, string temporary, FileStream file)
    {
        Path = path;
        _temporary = temporary;
        _file = file;
        _stream = new NamedStream(path, file);
    }

    /// <summary>The final name, absolute.</summary>
    public string Path { get; }

    /// <summary>Where to write; <see cref="Commit"/> closes it. What can't be written is a <see cref="DataException"/> that names <see cref="Path"/>.</summary>
    public Stream Stream => _stream;

    /// <summary>
    /// Opens a temporary file beside <paramref name="path"/>; missing folders are made. Without
    /// <see cref="Commit"/>, disposing removes it and an older file of that name stays as it was.
    /// </summary>
    /// <exception cref="DataException">The folder can't be made or written to.</exception>
    public static AtomicFile Create(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        string folder = System.IO.Path.GetDirectoryName(full) ?? full;
        // The dot hides it from globs such as *.nii.gz, the random part keeps two writers apart.
        string temporary = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(full)}.{System.IO.Path.GetRandomFileName()}.tmp");
        if (Directory.Exists(full))
        {
            throw new DataException($"{path}: can't be written, it is a folder. Name a file.");
        }

        return Guarded(path, () =>
        {
            Directory.CreateDirectory(folder);
            return new AtomicFile(full, temporary, new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16));
        });
    }

    /// <summary>Writes a whole file; if <paramref name="write"/> throws, nothing is left.</summary>
    /// <exception cref="DataException">The file can't be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        using var file = Create(path);
        write(file.Stream);
        file.Commit();
    }

    /// <summary>Writes a whole text file as UTF-8 without a byte order mark.</summary>
    /// <exception cref="DataException">The file can't be written.</exception>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Flushes to the disk, closes and gives the file its final name.</summary>
    /// <exception cref="DataException">The disk is full or the name can't be taken.</exception>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        _stream.Flush(toDisk: true);
        Guarded(Path, () =>
        {
            _file.Dispose();
            File.Move(_temporary, Path, overwrite: true);
            return true;
        });
        _finished = true;
    }

    /// <summary>Removes the temporary file unless it was committed.</summary>
    public void Dispose()
    {
        if (_finished)
        {
            return;
        }

        _finished = true;
        try
        {
            // With the disk full, closing flushes and fails again; the temporary file must still go.
            _file.Dispose();
        }
        catch (Exception error) when (NamedStream.IsOfTheSystem(error))
        {
        }

        File.Delete(_temporary);
    }

    private static T Guarded<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NamedStream.Named(path, error);
        }
    }
}
