namespace Iqt.Diffusion;

/// <summary>
/// A file that is written, whose errors name what was asked for and not the temporary file: a full disk, a file larger than
/// the file system can hold.
/// </summary>
/// <param name="name">The file that was asked for.</param>
/// <param name="file">Where bytes go; stays the caller's.</param>
internal sealed class NamedStream(string name, FileStream file) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            file.Write(buffer);
        }
        catch (Exception error) when (IsOfTheSystem(error))
        {
            throw Named(name, error);
        }
    }

    public override void Flush() => Flush(toDisk: false);

    /// <summary>Hands everything over to the system, or to the disk.</summary>
    /// <exception cref="DataException">It can't be written.</exception>
    public void Flush(bool toDisk)
    {
        try
        {
            file.Flush(toDisk);
        }
        catch (Exception error) when (IsOfTheSystem(error))
        {
            throw Named(name, error);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Whether writing failed for a reason outside of this process; .NET calls a file that is too large an argument.</summary>
    internal static bool IsOfTheSystem(Exception error) => error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    /// <summary>What the user is told.</summary>
    internal static DataException Named(string name, Exception error) => new(
        $"{name}: can't be written ({error.Message}). Choose a folder that exists or can be made, with write permission and space.", error);
}
