namespace Iqt.Diffusion;

/// <summary>Byte offsets of the fields of a NIfTI-1 header (nifti1.h, 348 bytes).</summary>
internal static class Nifti1Layout
{
    public const int Size = 348;

    /// <summary>Header and the four bytes that say whether extensions follow.</summary>
    public const int SingleFileDataOffset = 352;

    public const int Dim = 40;
    public const int IntentCode = 68;
    public const int DataType = 70;
    public const int BitPix = 72;
    public const int PixDim = 76;
    public const int VoxOffset = 108;
    public const int SclSlope = 112;
    public const int SclInter = 116;
    public const int XyztUnits = 123;
    public const int Descrip = 148;
    public const int DescripLength = 80;
    public const int QformCode = 252;
    public const int SformCode = 254;
    public const int QuaternB = 256;
    public const int Srow = 280;
    public const int Magic = 344;
}
