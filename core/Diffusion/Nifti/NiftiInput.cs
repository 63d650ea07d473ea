using System.IO.MemoryMappedFiles;

namespace Iqt.Diffusion;

/// <summary>
/// An opened file as a sequence of (decompressed) bytes. A file that is not compressed is mapped into memory piece
/// by piece, so that passing over data costs nothing and no more than a piece is resident.
/// </summary>
internal sealed class NiftiInput : IDisposable
{
    // Deflate can't do better than 1032:1, so a compressed file bounds what its header may claim.
    private const long LargestCompression = 1032;

    // A few pages are read faster than mapped.
    private const int LeastMapped = 1 << 16;

    private readonly FileStream _file;
    private readonly Stream? _decompressor;
    private MemoryMappedFile? _map;

    private NiftiInput(string path, FileStream file, bool compressed)
    {
        Path = path;
        _file = file;
        FileLength = file.Length;
        _decompressor = compressed ? GzipInput.Open(file) : null;
    }

    public string Path { get; }

    /// <summary>Whether the content is gzip, whatever the name says.</summary>
    public bool Compressed => _decompressor is not null;

    /// <summary>Bytes on the disk.</summary>
    public long FileLength { get; }

    /// <summary>The most bytes that can come out.</summary>
    public double LargestLength => Compressed ? (double)FileLength * LargestCompression : FileLength;

    /// <summary>Offset of the next byte.</summary>
    public long Position { get; private set; }

    /// <exception cref="NiftiException">Not there, or not to be read.</exception>
    public static NiftiInput Open(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            NiftiFault fault = OpeningFault.IsMissing(error) ? NiftiFault.Missing : NiftiFault.Unreadable;
            throw new NiftiException(fault, path, OpeningFault.Describe(path, "a NIfTI file (.nii, .nii.gz)", error), error);
        }

        try
        {
            if (!file.CanSeek)
            {
                throw new NiftiException(NiftiFault.Unreadable, path, "is a pipe or device; a file on a disk was expected. Save the image first.");
            }

            bool compressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            return new NiftiInput(path, file, compressed);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Fills a buffer; fewer bytes only at the end.</summary>
    /// <exception cref="NiftiException">Damaged or unreadable.</exception>
    public int Read(Span<byte> bytes)
    {
        Stream stream = _decompressor ?? _file;
        if (_decompressor is null)
        {
            _file.Position = Position;
        }

        return Read(stream, bytes);
    }

    /// <summary>
    /// The next bytes as a stream, to be read by <see cref="Read(Stream, Span{byte})"/> and disposed: a view of the
    /// mapped file. Null if the file is compressed or mapping costs more than reading; then
    /// <see cref="Read(Span{byte})"/> goes on.
    /// </summary>
    public Stream? Map(long length)
    {
        if (_decompressor is not null || length < LeastMapped)
        {
            return null;
        }

        _map ??= MemoryMappedFile.CreateFromFile(_file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        return _map.CreateViewStream(Position, length, MemoryMappedFileAccess.Read);
    }

    /// <summary>Fills a buffer from the streams of this file; fewer bytes only at the end.</summary>
    /// <exception cref="NiftiException">Damaged or unreadable.</exception>
    public int Read(Stream stream, Span<byte> bytes)
    {
        try
        {
            int found = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            Position += found;
            return found;
        }
        catch (InvalidDataException error)
        {
            throw new NiftiException(NiftiFault.Compression, Path, $"its gzip compression is truncated or damaged ({error.Message}) where whole data was expected. Copy it again from its source (gzip -t tests a file).", error);
        }
        catch (IOException error)
        {
            throw new NiftiException(NiftiFault.Unreadable, Path, $"can't be read ({error.Message}). Check the disk or network share.", error);
        }
    }

    /// <summary>Passes over bytes; the number passed, fewer only at the end.</summary>
    /// <exception cref="NiftiException">Damaged or unreadable.</exception>
    public long Skip(long count)
    {
        if (_decompressor is null)
        {
            long possible = Math.Min(count, Math.Max(FileLength - Position, 0));
            Position += possible;
            return possible;
        }

        var buffer = new byte[(int)Math.Min(1 << 16, Math.Max(0, count))];
        long skipped = 0;
        while (skipped < count)
        {
            int found = Read(_decompressor, buffer.AsSpan(0, (int)Math.Min(buffer.Length, count - skipped)));
            if (found == 0)
            {
                break;
            }

            skipped += found;
        }

        return skipped;
    }

    /// <summary>
    /// After the last sample: reads on to the end, so that the decompressor compares checksum and length. A single byte
    /// more would not do: where the end is cut off it may be one that never was there.
    /// </summary>
    /// <exception cref="NiftiException">The end is missing or does not fit the data.</exception>
    public void CheckEnd()
    {
        if (_decompressor is not null)
        {
            Skip(long.MaxValue);
        }
    }

    public void Dispose()
    {
        _map?.Dispose();
        _decompressor?.Dispose();
        _file.Dispose();
    }
}
