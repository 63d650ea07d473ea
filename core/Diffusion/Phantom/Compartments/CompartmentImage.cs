namespace Iqt.Diffusion.Phantom;

/// <summary>
/// The compartments of every voxel that has a signal, in compressed rows, from
/// which any volume of the acquisition can be computed by itself.
/// </summary>
internal sealed class CompartmentImage
{
    private readonly int[] _starts;
    private readonly GaussianCompartment[] _compartments;

    /// <param name="slices">The voxels of each slice, in order.</param>
    public CompartmentImage(IReadOnlyList<CompartmentSlice> slices)
    {
        int voxels = slices.Sum(slice => slice.Voxels.Count);
        Voxels = new int[voxels];
        SampleCounts = new byte[VoxelTally.Tissues * voxels];
        _starts = new int[voxels + 1];
        _compartments = new GaussianCompartment[slices.Sum(slice => slice.Compartments.Count)];
        int voxel = 0, compartment = 0;
        foreach (CompartmentSlice slice in slices)
        {
            slice.Voxels.CopyTo(Voxels, voxel);
            slice.SampleCounts.CopyTo(SampleCounts, VoxelTally.Tissues * voxel);
            slice.Compartments.CopyTo(_compartments, compartment);
            foreach (int end in slice.Ends)
            {
                _starts[++voxel] = compartment + end;
            }

            compartment += slice.Compartments.Count;
        }
    }

    /// <summary>Offsets in the grid of the voxels that have a signal, ascending.</summary>
    public int[] Voxels { get; }

    /// <summary>For each of these voxels the number of samples of each tissue.</summary>
    public byte[] SampleCounts { get; }

    /// <summary>The compartments of the voxel that stands at <paramref name="position"/> in <see cref="Voxels"/>.</summary>
    public ReadOnlySpan<GaussianCompartment> this[int position] =>
        _compartments.AsSpan(_starts[position].._starts[position + 1]);
}
