namespace Iqt.Diffusion;

/// <summary>What is wrong with a NIfTI file.</summary>
public enum NiftiFault
{
    /// <summary>No such file, or the other half of a pair is missing.</summary>
    Missing,

    /// <summary>The system can't open or read it.</summary>
    Unreadable,

    /// <summary>Not NIfTI at all.</summary>
    NotNifti,

    /// <summary>A header that contradicts itself or names what can't be.</summary>
    Header,

    /// <summary>A data type that Iqt does not read.</summary>
    DataType,

    /// <summary>More voxels than can be held.</summary>
    TooLarge,

    /// <summary>Fewer bytes than the header claims.</summary>
    Truncated,

    /// <summary>Damaged or truncated gzip compression.</summary>
    Compression,

    /// <summary>Readable, but not the image that was expected: another size, place, number of volumes.</summary>
    Content,

    /// <summary>Can't be written as asked: the name, a value, a size.</summary>
    Unwritable,
}
