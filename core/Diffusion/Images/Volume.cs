namespace Iqt.Diffusion;

/// <summary>One scalar per voxel: a b=0 image, a map.</summary>
public sealed class Volume
{
    /// <param name="grid">Where the voxels lie.</param>
    /// <param name="values">One value per voxel, x fastest; kept, not copied.</param>
    public Volume(Grid grid, float[] values)
    {
        if (values.Length != grid.Size.Voxels)
        {
            throw new ArgumentException($"A volume of {grid.Size} voxels needs {grid.Size.Voxels} values; {values.Length} were given.", nameof(values));
        }

        Grid = grid;
        Values = values;
    }

    /// <summary>An image of zeros.</summary>
    public Volume(Grid grid) : this(grid, new float[grid.Size.Voxels])
    {
    }

    /// <summary>Where the voxels lie.</summary>
    public Grid Grid { get; }

    /// <summary>One value per voxel, x fastest.</summary>
    public float[] Values { get; }

    /// <summary>The value at voxel (x, y, z).</summary>
    public float this[int x, int y, int z]
    {
        get => Values[Grid.Size.Index(x, y, z)];
        set => Values[Grid.Size.Index(x, y, z)] = value;
    }
}
