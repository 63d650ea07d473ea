using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>A subject's images as training and evaluation use them.</summary>
public sealed record SubjectImages
{
    /// <param name="id">For example <c>sub-01</c>.</param>
    /// <param name="lowResolution">LR tensors in mm²/s, zero outside the LR mask.</param>
    /// <param name="lowResolutionMask">LR voxels whose whole block is brain.</param>
    /// <param name="highResolution">HR tensors in mm²/s, zero outside the brain.</param>
    /// <param name="brain">HR voxels of the brain.</param>
    /// <param name="patches">Centres of the patches, LR voxels.</param>
    /// <exception cref="DataException">The sizes don't fit each other.</exception>
    public SubjectImages(string id, TensorImage lowResolution, Mask lowResolutionMask, TensorImage highResolution, Mask brain, PatchIndex patches)
    {
        Id = id;
        LowResolution = lowResolution;
        LowResolutionMask = lowResolutionMask;
        HighResolution = highResolution;
        Brain = brain;
        Patches = patches;
        GridSize low = lowResolution.Grid.Size, high = highResolution.Grid.Size;
        Rate = low.X == 0 ? 0 : high.X / low.X;
        if (Rate < 1 || high != lowResolution.Grid.Upsampled(Rate).Size)
        {
            throw new DataException($"{id}: the HR image has {high} voxels and the LR image {low}, the same whole multiple along each axis was expected. Prepare the subject again.");
        }

        if (lowResolutionMask.Grid.Size != low || brain.Grid.Size != high)
        {
            throw new DataException($"{id}: the masks have {lowResolutionMask.Grid.Size} and {brain.Grid.Size} voxels, {low} and {high} were expected as in the images. Prepare the subject again.");
        }

        if (patches.Centres.Any(centre => !low.Contains(centre.X, centre.Y, centre.Z)))
        {
            throw new DataException($"{id}: a patch centre lies outside the LR image of {low} voxels. Prepare the subject again.");
        }
    }

    /// <summary>For example <c>sub-01</c>.</summary>
    public string Id { get; }

    /// <summary>r: HR voxels along the edge of an LR voxel.</summary>
    public int Rate { get; }

    /// <summary>LR tensors in mm²/s, zero outside the LR mask.</summary>
    public TensorImage LowResolution { get; }

    /// <summary>LR voxels whose whole block is brain.</summary>
    public Mask LowResolutionMask { get; }

    /// <summary>HR tensors in mm²/s, zero outside the brain.</summary>
    public TensorImage HighResolution { get; }

    /// <summary>HR voxels of the brain.</summary>
    public Mask Brain { get; }

    /// <summary>Centres of the patches.</summary>
    public PatchIndex Patches { get; }
}
