namespace Iqt.Training;

/// <summary>
/// How a volume is cut for prediction. Zero padding inside a network's stacks makes its output depend on the tile.
/// </summary>
public enum Tiling
{
    /// <summary>Tiles of the training patch's size (the paper's stitching).</summary>
    Training,

    /// <summary>The whole volume, in slabs if memory asks for it; needs normalisation per channel.</summary>
    Whole,
}
