namespace Iqt.Diffusion;

/// <summary>
/// A gradient direction of unit length in the frame of FSL's bvec files (the image axes, x flipped if the affine's
/// determinant is positive); (0, 0, 0) where none was applied.
/// </summary>
public readonly record struct GradientDirection(double X, double Y, double Z)
{
    /// <summary>Length: 1 or 0.</summary>
    public double Norm => Math.Sqrt(X * X + Y * Y + Z * Z);

    /// <summary>Scalar product.</summary>
    public double Dot(GradientDirection other) => X * other.X + Y * other.Y + Z * other.Z;
}
