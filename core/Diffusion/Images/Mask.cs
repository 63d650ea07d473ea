namespace Iqt.Diffusion;

/// <summary>Which voxels belong to the brain (or to another region).</summary>
public sealed class Mask
{
    /// <param name="grid">Where the voxels lie.</param>
    /// <param name="values">One value per voxel, x fastest; kept, not copied.</param>
    public Mask(Grid grid, bool[] values)
    {
        if (values.Length != grid.Size.Voxels)
        {
            throw new ArgumentException($"A mask of {grid.Size} voxels needs {grid.Size.Voxels} values; {values.Length} were given.", nameof(values));
        }

        Grid = grid;
        Values = values;
        Count = values.Count(inside => inside);
    }

    /// <summary>Where the voxels lie.</summary>
    public Grid Grid { get; }

    /// <summary>One value per voxel, x fastest.</summary>
    public bool[] Values { get; }

    /// <summary>Number of voxels inside.</summary>
    public int Count { get; }

    /// <summary>Whether voxel (x, y, z) is inside; voxels beyond the grid are outside.</summary>
    public bool this[int x, int y, int z] => Grid.Size.Contains(x, y, z) && Values[Grid.Size.Index(x, y, z)];
}
