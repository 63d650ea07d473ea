namespace Iqt.Training;

/// <summary>
/// A box of voxels: the first corner, which may lie outside the image, and the edge lengths. Its values are kept x
/// fastest, so as a tensor it is [sizeZ, sizeY, sizeX].
/// </summary>
public readonly record struct Box(int X, int Y, int Z, int SizeX, int SizeY, int SizeZ)
{
    /// <summary>A cube with the given first corner.</summary>
    public static Box Cube(int x, int y, int z, int edge) => new(x, y, z, edge, edge, edge);

    /// <summary>Number of voxels.</summary>
    public int Voxels => checked(SizeX * SizeY * SizeZ);
}
