namespace Iqt.Diffusion;

/// <summary>What the coordinates of a qform or sform mean (nifti1.h, NIFTI_XFORM codes).</summary>
public enum NiftiSpace
{
    /// <summary>Not stated: the form is absent.</summary>
    Unknown = 0,

    /// <summary>Scanner-based anatomical coordinates.</summary>
    Scanner = 1,

    /// <summary>Aligned to another file, or to an anatomical truth.</summary>
    Aligned = 2,

    /// <summary>Talairach and Tournoux.</summary>
    Talairach = 3,

    /// <summary>MNI 152.</summary>
    Mni152 = 4,

    /// <summary>Another template.</summary>
    Template = 5,
}
