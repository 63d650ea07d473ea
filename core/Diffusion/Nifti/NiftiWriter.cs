using System.IO.Compression;

namespace Iqt.Diffusion;

/// <summary>
/// Writes a NIfTI-1 file volume by volume; compressed if the name ends in .gz. The file has its name only after
/// <see cref="Commit"/>.
/// </summary>
public sealed class NiftiWriter : IDisposable
{
    private const int ChunkVoxels = 1 << 16;

    private readonly AtomicFile _file;
    private readonly Stream _stream;
    private readonly byte[] _chunk;
    private int _written;

    private NiftiWriter(AtomicFile file, Stream stream, NiftiHeader header)
    {
        _file = file;
        _stream = stream;
        Header = header;
        _chunk = new byte[Math.Min(ChunkVoxels, header.Grid.Size.Voxels) * NiftiSamples.BytesOf(header.DataType)];
    }

    /// <summary>What is written.</summary>
    public NiftiHeader Header { get; }

    /// <summary>Begins a file of float32, int16 or uint8 samples.</summary>
    /// <param name="path">Ends in .nii or .nii.gz.</param>
    /// <param name="header">Grid, series size, type and scaling; offset and byte order are the writer's.</param>
    /// <exception cref="NiftiException">The name, the type or the size can't be written.</exception>
    /// <exception cref="DataException">The folder can't be written to.</exception>
    public static NiftiWriter Create(string path, NiftiHeader header)
    {
        bool compressed = path.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase);
        if (!compressed && !path.EndsWith(".nii", StringComparison.OrdinalIgnoreCase))
        {
            throw new NiftiException(path, "a name that ends in .nii or .nii.gz was expected for an image. Add the ending.");
        }

        if (header.DataType is not (NiftiDataType.Float32 or NiftiDataType.Int16 or NiftiDataType.UInt8))
        {
            throw new NiftiException(path, $"{header.DataType} samples can't be written; Float32, Int16 or UInt8 was expected. Choose Float32.");
        }

        byte[] bytes = Nifti1Formatter.Format(header, path);
        AtomicFile file = AtomicFile.Create(path);
        Stream stream = compressed ? new GZipStream(file.Stream, CompressionLevel.Fastest, leaveOpen: true) : file.Stream;
        stream.Write(bytes);
        return new NiftiWriter(file, stream, header);
    }

    /// <summary>Writes the next volume.</summary>
    /// <param name="values">One value per voxel, x fastest.</param>
    /// <exception cref="NiftiException">A value doesn't fit the integer type.</exception>
    public void WriteVolume(ReadOnlySpan<float> values)
    {
        if (values.Length != Header.Grid.Size.Voxels)
        {
            throw new ArgumentException($"A volume of {Header.Grid.Size} voxels has {Header.Grid.Size.Voxels} values; {values.Length} were given.", nameof(values));
        }

        if (_written == Header.Volumes)
        {
            throw new InvalidOperationException($"{_file.Path}: all {Header.Volumes} volumes have been written.");
        }

        int sampleSize = NiftiSamples.BytesOf(Header.DataType);
        int voxelsPerChunk = _chunk.Length / sampleSize;
        for (int start = 0; start < values.Length; start += voxelsPerChunk)
        {
            ReadOnlySpan<float> part = values.Slice(start, Math.Min(voxelsPerChunk, values.Length - start));
            Span<byte> bytes = _chunk.AsSpan(0, part.Length * sampleSize);
            if (!NiftiSamples.TryEncode(part, Header, bytes, out float misfit))
            {
                throw new NiftiException(_file.Path, $"the value {misfit:R} doesn't fit {Header.DataType} with slope {Header.Slope:R}. Choose a slope or write Float32.");
            }

            _stream.Write(bytes);
        }

        _written++;
    }

    /// <summary>Completes the file and gives it its name.</summary>
    /// <exception cref="DataException">The disk is full or the name can't be taken.</exception>
    public void Commit()
    {
        if (_written != Header.Volumes)
        {
            throw new InvalidOperationException($"{_file.Path}: {_written} of {Header.Volumes} volumes were written.");
        }

        if (_stream != _file.Stream)
        {
            _stream.Dispose();
        }

        _file.Commit();
    }

    /// <summary>Closes; a file that was not committed is removed.</summary>
    public void Dispose()
    {
        if (_stream != _file.Stream)
        {
            _stream.Dispose();
        }

        _file.Dispose();
    }
}
