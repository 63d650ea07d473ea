namespace Iqt.Training;

/// <summary>How values between voxel centres are found.</summary>
public enum InterpolationMethod
{
    /// <summary>Trilinear.</summary>
    Linear,

    /// <summary>Tricubic convolution with a = −1/2 (Keys 1981; Catmull and Rom): interpolates, exact for quadratics.</summary>
    Cubic,
}
