namespace Iqt.Training;

/// <summary>How values between voxel centres are found.</summary>
public enum InterpolationMethod
{
    /// <summary>Trilinear.</summary>
    Linear,

    /// <summary>Tricubic convolution with a = −1/2 (Keys 1981; Catmull and Rom): interpolates, exact for quadratics.</summary>
    Cubic,

    /// <summary>Tricubic B-spline: smoother than <see cref="Cubic"/>, and every voxel has a say, the near ones most.</summary>
    BSpline,
}
