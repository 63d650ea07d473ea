using System.IO.Compression;

namespace Iqt.Diffusion;

/// <summary>
/// Reads a NIfTI-1 file (.nii or .nii.gz, told by content, not by name) volume by volume, in order. Memory is the
/// caller's buffer and a small one of our own, whatever the size of the series.
/// </summary>
public sealed class NiftiReader : IDisposable
{
    // Deflate can't do better than 1032:1, so a compressed file bounds what its header may claim.
    private const long LargestCompression = 1032;
    private const int ChunkVoxels = 1 << 16;

    private readonly Stream _stream;
    private readonly bool _compressed;
    private readonly byte[] _chunk;

    private NiftiReader(string path, Stream stream, bool compressed, NiftiHeader header)
    {
        Path = path;
        Header = header;
        _stream = stream;
        _compressed = compressed;
        _chunk = new byte[Math.Min(ChunkVoxels, header.Grid.Size.Voxels) * NiftiSamples.BytesOf(header.DataType)];
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What the header says.</summary>
    public NiftiHeader Header { get; }

    /// <summary>Voxels of one volume and their place.</summary>
    public Grid Grid => Header.Grid;

    /// <summary>Number of volumes; 1 for a 3D image.</summary>
    public int Volumes => Header.Volumes;

    /// <summary>Index of the volume that is read next.</summary>
    public int Position { get; private set; }

    /// <summary>Opens a file and reads its header; the file's size is held against what the header claims.</summary>
    /// <exception cref="NiftiException">No such file, not NIfTI-1, damaged, truncated or of a type not read.</exception>
    public static NiftiReader Open(string path)
    {
        FileStream file = OpenFile(path);
        Stream stream = file;
        try
        {
            bool compressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            if (compressed)
            {
                stream = new GZipStream(file, CompressionMode.Decompress);
            }

            var bytes = new byte[Nifti1Layout.Size];
            int found = ReadFully(stream, bytes, path);
            if (found < bytes.Length)
            {
                throw new NiftiException(path, $"ends after {found} bytes, a header of {bytes.Length} was expected. It is empty, truncated or not NIfTI; copy it again.");
            }

            NiftiHeader header = Nifti1Parser.Parse(bytes, path);
            CheckSize(header, file.Length, compressed, path);
            Skip(stream, header.DataOffset - bytes.Length, path);
            return new NiftiReader(path, stream, compressed, header);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next volume, scaled by slope and intercept, x fastest.</summary>
    /// <param name="values">One place per voxel.</param>
    /// <exception cref="NiftiException">The data ends early or the compression is damaged.</exception>
    public void ReadVolume(Span<float> values)
    {
        if (values.Length != Grid.Size.Voxels)
        {
            throw new ArgumentException($"A volume of {Grid.Size} voxels needs a buffer of {Grid.Size.Voxels}; {values.Length} were given.", nameof(values));
        }

        CheckPosition();
        int sampleSize = NiftiSamples.BytesOf(Header.DataType);
        int voxelsPerChunk = _chunk.Length / sampleSize;
        for (int start = 0; start < values.Length; start += voxelsPerChunk)
        {
            int count = Math.Min(voxelsPerChunk, values.Length - start);
            Span<byte> bytes = _chunk.AsSpan(0, count * sampleSize);
            int found = ReadFully(_stream, bytes, Path);
            if (found < bytes.Length)
            {
                throw Truncated((long)start * sampleSize + found);
            }

            NiftiSamples.Decode(bytes, Header, values.Slice(start, count));
        }

        Advance();
    }

    /// <summary>Passes over the next volume.</summary>
    /// <exception cref="NiftiException">The data ends early or the compression is damaged.</exception>
    public void SkipVolume()
    {
        CheckPosition();
        long skipped = Skip(_stream, Header.BytesPerVolume, Path);
        if (skipped < Header.BytesPerVolume)
        {
            throw Truncated(skipped);
        }

        Advance();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NiftiException(path, $"can't be opened ({error.Message}). Check the path and its permissions.", error);
        }
    }

    private static void CheckSize(NiftiHeader header, long length, bool compressed, string path)
    {
        double needed = header.DataOffset + (double)header.BytesPerVolume * header.Volumes;
        if (!compressed && length < needed)
        {
            throw new NiftiException(path, $"has {length} bytes, {needed:F0} were expected for {header}. It is truncated; copy or convert it again.");
        }

        if (compressed && (double)length * LargestCompression < needed)
        {
            throw new NiftiException(path, $"has {length} compressed bytes, which can't hold the {needed:F0} bytes that its header claims ({header}). It is truncated or its header damaged; copy or convert it again.");
        }
    }

    private void CheckPosition()
    {
        if (Position >= Volumes)
        {
            throw new InvalidOperationException($"{Path}: all {Volumes} volumes have been read.");
        }
    }

    private void Advance()
    {
        Position++;
        if (Position == Volumes && _compressed)
        {
            // Reading on to the end makes the decompressor compare the checksum.
            ReadFully(_stream, stackalloc byte[1], Path);
        }
    }

    private NiftiException Truncated(long found) =>
        new(Path, $"ends {found} bytes into volume {Position + 1} of {Volumes}, {Header.BytesPerVolume} bytes a volume were expected ({Header}). It is truncated; copy or convert it again.");

    private static long Skip(Stream stream, long count, string path)
    {
        if (stream.CanSeek)
        {
            stream.Seek(count, SeekOrigin.Current);
            return count;
        }

        var buffer = new byte[(int)Math.Min(1 << 16, Math.Max(0, count))];
        long skipped = 0;
        while (skipped < count)
        {
            int found = ReadFully(stream, buffer.AsSpan(0, (int)Math.Min(buffer.Length, count - skipped)), path);
            if (found == 0)
            {
                break;
            }

            skipped += found;
        }

        return skipped;
    }

    private static int ReadFully(Stream stream, Span<byte> bytes, string path)
    {
        try
        {
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException error)
        {
            throw new NiftiException(path, $"its gzip compression is truncated or damaged ({error.Message}) where whole data was expected. Copy it again from its source (gzip -t tests a file).", error);
        }
        catch (IOException error)
        {
            throw new NiftiException(path, $"can't be read ({error.Message}). Check the disk or network share.", error);
        }
    }
}
