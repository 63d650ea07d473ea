namespace Iqt.Diffusion;

/// <summary>Number of voxels along the three axes of an image, in NIfTI order (x varies fastest in memory).</summary>
public readonly record struct GridSize(int X, int Y, int Z)
{
    /// <summary>Number of voxels of one volume.</summary>
    public int Voxels => checked(X * Y * Z);

    /// <summary>Offset of voxel (x, y, z) in a volume's values.</summary>
    public int Index(int x, int y, int z) => x + X * (y + Y * z);

    /// <summary>The voxel that stands at an offset: the inverse of <see cref="Index"/>.</summary>
    public (int X, int Y, int Z) Position(int index) => (index % X, index / X % Y, index / (X * Y));

    /// <summary>Whether (x, y, z) is a voxel of the grid.</summary>
    public bool Contains(int x, int y, int z) =>
        (uint)x < (uint)X && (uint)y < (uint)Y && (uint)z < (uint)Z;

    /// <summary>For example <c>145×174×145</c>.</summary>
    public override string ToString() => $"{X}×{Y}×{Z}";
}
