using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>The compartments of one slice of voxels, made from samples of the anatomy.</summary>
internal sealed class CompartmentSlice
{
    public List<int> Voxels { get; } = [];

    /// <summary>For each voxel the end of its compartments.</summary>
    public List<int> Ends { get; } = [];

    public List<GaussianCompartment> Compartments { get; } = [];

    /// <summary>For each voxel the number of samples of each tissue.</summary>
    public List<byte> SampleCounts { get; } = [];

    /// <summary>Samples every voxel of a slice on a lattice of points.</summary>
    public static CompartmentSlice Sample(PhantomGeometry geometry, HeadAnatomy anatomy, VoxelTally tally, int z)
    {
        var slice = new CompartmentSlice();
        GridSize size = geometry.Grid.Size;
        float edge = geometry.VoxelSize;
        for (int y = 0; y < size.Y; y++)
        {
            for (int x = 0; x < size.X; x++)
            {
                Vector3 centre = edge * new Vector3(x - (size.X - 1) / 2f, y - (size.Y - 1) / 2f, z - (size.Z - 1) / 2f);
                if (anatomy.IsFarOutside(centre, edge))
                {
                    continue;
                }

                tally.Clear();
                SampleVoxel(centre, edge, geometry.Subvoxels, anatomy, tally);
                if (tally.Fraction(Tissue.Outside) < 1)
                {
                    slice.Append(size.Index(x, y, z), centre, tally);
                }
            }
        }

        return slice;
    }

    private static void SampleVoxel(Vector3 centre, float edge, int subvoxels, HeadAnatomy anatomy, VoxelTally tally)
    {
        float step = edge / subvoxels;
        Vector3 first = centre - new Vector3((edge - step) / 2);
        for (int k = 0; k < subvoxels; k++)
        {
            for (int j = 0; j < subvoxels; j++)
            {
                for (int i = 0; i < subvoxels; i++)
                {
                    Vector3 point = first + step * new Vector3(i, j, k);
                    tally.Add(point, anatomy.At(point));
                }
            }
        }
    }

    private void Append(int voxel, Vector3 centre, VoxelTally tally)
    {
        Voxels.Add(voxel);
        tally.AppendTo(Compartments, centre);
        Ends.Add(Compartments.Count);
        for (int tissue = 0; tissue < VoxelTally.Tissues; tissue++)
        {
            SampleCounts.Add(tally.Count((Tissue)tissue));
        }
    }
}
