namespace Iqt.Diffusion;

/// <summary>A block that a program has added to a header.</summary>
/// <param name="Code">Who defined it (6: plain text; 4: AFNI's XML; 2: DICOM; see nifti.nimh.nih.gov).</param>
/// <param name="Content">Its bytes, the zeros that fill up to 16 included.</param>
public sealed record NiftiExtension(int Code, byte[] Content);
