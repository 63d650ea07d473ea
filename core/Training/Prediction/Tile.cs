namespace Iqt.Training;

/// <summary>A piece of an LR volume that is predicted at once, and what of its output is kept.</summary>
/// <param name="Input">LR voxels; may reach beyond the volume.</param>
/// <param name="FirstPlane">First HR plane (z) that is kept.</param>
/// <param name="EndPlane">HR plane after the last that is kept.</param>
public readonly record struct Tile(Box Input, int FirstPlane, int EndPlane)
{
    /// <summary>A tile whose whole output is kept.</summary>
    public static Tile Whole(Box input, PatchGeometry geometry)
    {
        Box output = geometry.OutputBox(input);
        return new Tile(input, output.Z, output.Z + output.SizeZ);
    }
}
