using System.Diagnostics.CodeAnalysis;

namespace Iqt.Diffusion;

/// <summary>
/// How one sample is stored; the values are NIfTI's <c>datatype</c> codes. Complex numbers, colours, single bits and
/// 128-bit numbers (whose meaning differs from machine to machine) are not read.
/// </summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The names are those of nifti1.h.")]
public enum NiftiDataType
{
    /// <summary>Not stated.</summary>
    Unknown = 0,

    /// <summary>8 bits, 0 to 255.</summary>
    UInt8 = 2,

    /// <summary>16 bits with sign.</summary>
    Int16 = 4,

    /// <summary>32 bits with sign.</summary>
    Int32 = 8,

    /// <summary>IEEE single precision.</summary>
    Float32 = 16,

    /// <summary>IEEE double precision.</summary>
    Float64 = 64,

    /// <summary>8 bits with sign.</summary>
    Int8 = 256,

    /// <summary>16 bits, 0 to 65535.</summary>
    UInt16 = 512,

    /// <summary>32 bits without sign.</summary>
    UInt32 = 768,

    /// <summary>64 bits with sign.</summary>
    Int64 = 1024,

    /// <summary>64 bits without sign.</summary>
    UInt64 = 1280,
}
