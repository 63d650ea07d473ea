using System.IO.Compression;
using System.Numerics;

namespace Iqt.Diffusion;

/// <summary>
/// Writes a NIfTI image volume by volume: one file if the name ends in .nii, a pair if it ends in .hdr or .img,
/// compressed with .gz. Files have their names only after <see cref="Commit"/>.
/// </summary>
public sealed class NiftiWriter : IDisposable
{
    private const int ChunkVoxels = 1 << 16;

    private readonly AtomicFile _samples;
    private readonly Stream _stream;
    private readonly string? _headerPath;
    private readonly byte[] _header;
    private readonly byte[] _chunk;
    private int _written;

    private NiftiWriter(AtomicFile samples, Stream stream, NiftiHeader header, string? headerPath, byte[] headerBytes)
    {
        _samples = samples;
        _stream = stream;
        _headerPath = headerPath;
        _header = headerBytes;
        Header = header;
        _chunk = new byte[Math.Min(ChunkVoxels, header.Grid.Size.Voxels) * NiftiSamples.BytesOf(header.DataType)];
    }

    /// <summary>What is written.</summary>
    public NiftiHeader Header { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="path">Ends in .nii, .hdr or .img, each also with .gz.</param>
    /// <param name="header">All but the offset of the data, which is the writer's.</param>
    /// <exception cref="NiftiException">The name, the type or the size can't be written.</exception>
    /// <exception cref="DataException">The folder can't be written to.</exception>
    public static NiftiWriter Create(string path, NiftiHeader header)
    {
        string ending = NiftiPaths.Ending(path)
            ?? throw new NiftiException(NiftiFault.Unwritable, path, "a name that ends in .nii or .nii.gz (or .hdr, .img for a pair) was expected for an image. Add the ending.");
        if (header.DataType == NiftiDataType.Unknown || !Enum.IsDefined(header.DataType))
        {
            throw new NiftiException(NiftiFault.Unwritable, path, $"{header.DataType} samples can't be written; one of the types that are read was expected. Choose Float32.");
        }

        bool pair = !ending.StartsWith(".nii", StringComparison.Ordinal), compressed = ending.EndsWith(".gz", StringComparison.Ordinal);
        string end = compressed ? ".gz" : "";
        byte[] bytes = NiftiFormatter.Format(header, pair, path);
        AtomicFile file = AtomicFile.Create(pair ? NiftiPaths.Stem(path) + ".img" + end : path);
        Stream stream = compressed ? new GZipStream(file.Stream, CompressionLevel.Fastest, leaveOpen: true) : file.Stream;
        if (!pair)
        {
            stream.Write(bytes);
        }

        return new NiftiWriter(file, stream, header, pair ? NiftiPaths.Stem(path) + ".hdr" + end : null, bytes);
    }

    /// <summary>Writes the next volume.</summary>
    /// <param name="values">One value per voxel, x fastest.</param>
    /// <exception cref="NiftiException">A value doesn't fit the type.</exception>
    public void WriteVolume(ReadOnlySpan<float> values) => Write(values);

    /// <summary>Writes the next volume in double precision.</summary>
    /// <param name="values">One value per voxel, x fastest.</param>
    /// <exception cref="NiftiException">A value doesn't fit the type.</exception>
    public void WriteVolume(ReadOnlySpan<double> values) => Write(values);

    /// <summary>Completes the file and gives it its name; of a pair the header comes last.</summary>
    /// <exception cref="DataException">The disk is full or the name can't be taken.</exception>
    public void Commit()
    {
        if (_written != Header.Volumes)
        {
            throw new InvalidOperationException($"{_samples.Path}: {_written} of {Header.Volumes} volumes were written.");
        }

        if (_stream != _samples.Stream)
        {
            _stream.Dispose();
        }

        _samples.Commit();
        if (_headerPath is not null)
        {
            AtomicFile.Write(_headerPath, WriteHeader);
        }
    }

    /// <summary>Closes; a file that was not committed is removed.</summary>
    public void Dispose()
    {
        try
        {
            if (_stream != _samples.Stream)
            {
                _stream.Dispose();
            }
        }
        catch (DataException)
        {
            // With the disk full, the compressor's last bytes fail like those before; the temporary file must still go.
        }
        finally
        {
            _samples.Dispose();
        }
    }

    private void WriteHeader(Stream file)
    {
        if (_stream == _samples.Stream)
        {
            file.Write(_header);
            return;
        }

        using var compressed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
        compressed.Write(_header);
    }

    private void Write<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (values.Length != Header.Grid.Size.Voxels)
        {
            throw new ArgumentException($"A volume of {Header.Grid.Size} voxels has {Header.Grid.Size.Voxels} values; {values.Length} were given.", nameof(values));
        }

        if (_written == Header.Volumes)
        {
            throw new InvalidOperationException($"{_samples.Path}: all {Header.Volumes} volumes have been written.");
        }

        int sampleSize = NiftiSamples.BytesOf(Header.DataType);
        int voxelsPerChunk = _chunk.Length / sampleSize;
        for (int start = 0; start < values.Length; start += voxelsPerChunk)
        {
            ReadOnlySpan<T> part = values.Slice(start, Math.Min(voxelsPerChunk, values.Length - start));
            Span<byte> bytes = _chunk.AsSpan(0, part.Length * sampleSize);
            if (!NiftiSamples.TryEncode(part, Header, bytes, out double misfit))
            {
                throw new NiftiException(NiftiFault.Unwritable, _samples.Path, $"the value {misfit:R} doesn't fit {Header.DataType} with slope {Header.Slope:R}. Choose a slope or write Float32.");
            }

            _stream.Write(bytes);
        }

        _written++;
    }
}
