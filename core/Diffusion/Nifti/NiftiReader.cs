using System.Numerics;
using System.Runtime.InteropServices;

namespace Iqt.Diffusion;

/// <summary>
/// Reads a NIfTI image (.nii or a .hdr/.img pair; gzip is told by content, not by name) volume by volume, in order.
/// Memory is the caller's buffer and a small one of our own, whatever the size of the series. What is not compressed
/// is mapped, one volume at a time: a file that shrinks meanwhile ends the process, as with every mapped file.
/// </summary>
public sealed class NiftiReader : IDisposable
{
    private const int ChunkVoxels = 1 << 16;

    private readonly NiftiInput _input;
    private readonly byte[] _chunk;

    private NiftiReader(string path, NiftiInput input, NiftiHeader header)
    {
        Path = path;
        Header = header;
        _input = input;
        _chunk = new byte[Math.Min(ChunkVoxels, header.Grid.Size.Voxels) * NiftiSamples.BytesOf(header.DataType)];
    }

    /// <summary>The file that was named.</summary>
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
    /// <param name="path">A single file, or either file of a pair.</param>
    /// <exception cref="NiftiException">No such file, not NIfTI, damaged, truncated or of a type not read.</exception>
    public static NiftiReader Open(string path)
    {
        NiftiInput input = NiftiInput.Open(NiftiPaths.Header(path));
        try
        {
            (NiftiHeader header, bool pair) = ReadHeader(input);
            if (pair)
            {
                input.Dispose();
                input = NiftiInput.Open(NiftiPaths.Samples(input.Path));
            }

            CheckSize(header, input);
            input.Skip(header.DataOffset - input.Position);
            return new NiftiReader(path, input, header);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next volume, scaled by slope and intercept, x fastest.</summary>
    /// <param name="values">One place per voxel.</param>
    /// <exception cref="NiftiException">The data ends early or the compression is damaged.</exception>
    public void ReadVolume(Span<float> values) => Read(values);

    /// <summary>Reads the next volume in double precision, as 32-bit integers and float64 samples need.</summary>
    /// <param name="values">One place per voxel.</param>
    /// <exception cref="NiftiException">The data ends early or the compression is damaged.</exception>
    public void ReadVolume(Span<double> values) => Read(values);

    /// <summary>Passes over the next volume.</summary>
    /// <exception cref="NiftiException">The data ends early or the compression is damaged.</exception>
    public void SkipVolume()
    {
        CheckPosition();
        long skipped = _input.Skip(Header.BytesPerVolume);
        if (skipped < Header.BytesPerVolume)
        {
            throw Truncated(skipped);
        }

        Advance();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _input.Dispose();

    private static (NiftiHeader Header, bool Pair) ReadHeader(NiftiInput input)
    {
        var start = new byte[NiftiParser.SizeFieldLength];
        ReadAll(input, start, NiftiLayout.One.Size);
        (NiftiLayout layout, bool bigEndian) = NiftiParser.Detect(start, input.Path);
        var bytes = new byte[layout.Size];
        start.CopyTo(bytes, 0);
        ReadAll(input, bytes.AsSpan(start.Length), layout.Size);
        bool pair = NiftiParser.IsPair(bytes, layout, input.Path);
        NiftiHeader header = NiftiParser.Parse(bytes, layout, bigEndian, pair, input.Path);
        if (!pair)
        {
            CheckSize(header, input);
        }

        // Extensions fill what lies between the header and the samples, or the rest of a .hdr file.
        double length = (pair ? input.LargestLength : header.DataOffset) - layout.Size;
        return (header with { Extensions = ReadExtensions(input, length, bigEndian) }, pair);
    }

    private static IReadOnlyList<NiftiExtension> ReadExtensions(NiftiInput input, double length, bool bigEndian)
    {
        // Larger ones than this are no annotations; they are passed over.
        const int Largest = 1 << 24;
        using var bytes = new MemoryStream();
        Span<byte> piece = stackalloc byte[4096];
        while (bytes.Length < Math.Min(length, Largest))
        {
            int found = input.Read(piece[..(int)Math.Min(piece.Length, Math.Min(length, Largest) - bytes.Length)]);
            bytes.Write(piece[..found]);
            if (found == 0)
            {
                break;
            }
        }

        return NiftiExtensions.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), bigEndian);
    }

    private static void ReadAll(NiftiInput input, Span<byte> bytes, int expected)
    {
        if (input.Read(bytes) < bytes.Length)
        {
            throw new NiftiException(NiftiFault.Truncated, input.Path, $"ends after {input.Position} bytes, a header of {expected} was expected. It is empty, truncated or not NIfTI; copy it again.");
        }
    }

    private static void CheckSize(NiftiHeader header, NiftiInput input)
    {
        double needed = header.DataOffset + (double)header.BytesPerVolume * header.Volumes;
        if (input.LargestLength >= needed)
        {
            return;
        }

        throw new NiftiException(NiftiFault.Truncated, input.Path, input.Compressed
            ? $"has {input.FileLength} compressed bytes, which can't hold the {needed:F0} bytes that its header claims ({header}). It is truncated or its header damaged; copy or convert it again."
            : $"has {input.FileLength} bytes, {needed:F0} were expected for {header}. It is truncated; copy or convert it again.");
    }

    private void Read<T>(Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (values.Length != Grid.Size.Voxels)
        {
            throw new ArgumentException($"A volume of {Grid.Size} voxels needs a buffer of {Grid.Size.Voxels}; {values.Length} were given.", nameof(values));
        }

        CheckPosition();
        using Stream? view = _input.Map(Header.BytesPerVolume);
        int sampleSize = NiftiSamples.BytesOf(Header.DataType);
        int voxelsPerChunk = _chunk.Length / sampleSize;
        for (int start = 0; start < values.Length; start += voxelsPerChunk)
        {
            Span<T> part = values.Slice(start, Math.Min(voxelsPerChunk, values.Length - start));
            // Samples that are the values already need no second buffer.
            bool direct = NiftiSamples.AreValues<T>(Header);
            Span<byte> bytes = direct ? MemoryMarshal.AsBytes(part) : _chunk.AsSpan(0, part.Length * sampleSize);
            int found = view is null ? _input.Read(bytes) : _input.Read(view, bytes);
            if (found < bytes.Length)
            {
                throw Truncated((long)start * sampleSize + found);
            }

            if (!direct)
            {
                NiftiSamples.Decode(bytes, Header, part);
            }
        }

        Advance();
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
        if (Position == Volumes)
        {
            _input.CheckEnd();
        }
    }

    private NiftiException Truncated(long found) =>
        new(NiftiFault.Truncated, Path, $"ends {found} bytes into volume {Position + 1} of {Volumes}, {Header.BytesPerVolume} bytes a volume were expected ({Header}). It is truncated; copy or convert it again.");
}
