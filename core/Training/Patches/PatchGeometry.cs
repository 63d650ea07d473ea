using Iqt.Reversible;

namespace Iqt.Training;

/// <summary>
/// How an LR patch and the HR patch that a network makes of it lie to each other. For the ESPCN and 11³ LR voxels:
/// 14³ HR voxels, which begin 4 HR voxels (2 LR voxels) inside the patch.
/// </summary>
public sealed record PatchGeometry
{
    private readonly SpatialRelation _relation;

    /// <param name="inputSize">Edge of the LR patch in LR voxels.</param>
    /// <param name="relation">The network's.</param>
    /// <exception cref="ArgumentException">The network gives no output for the patch, or one that is off centre.</exception>
    public PatchGeometry(int inputSize, SpatialRelation relation)
    {
        if (inputSize < relation.SmallestInput)
        {
            throw new ArgumentException($"Patches of {inputSize}³ voxels were asked for; the network needs at least {relation.SmallestInput}³. Set it: --setting patchSize={relation.SmallestInput}", nameof(inputSize));
        }

        if (relation.Loss % 2 != 0)
        {
            throw new ArgumentException($"The network's output lacks {relation.Loss} voxels of its input's extent, an odd number, so it can't be centred. Choose kernels and paddings that take as much from both sides.", nameof(relation));
        }

        if (relation.OutputSize(inputSize) < relation.Rate)
        {
            throw new ArgumentException($"Patches of {inputSize}³ voxels give an output smaller than one LR voxel. Choose a larger patch size.", nameof(inputSize));
        }

        InputSize = inputSize;
        _relation = relation;
    }

    /// <summary>The geometry of a network's patches.</summary>
    /// <exception cref="ArgumentException">The network can't take such patches.</exception>
    public static PatchGeometry Of(Network network, int inputSize)
    {
        if (inputSize >= network.Relation.SmallestInput && new NetworkSizes(network, [inputSize]).Misfit is { } misfit)
        {
            throw new ArgumentException($"Network {network.NetworkName} can't take patches of {inputSize}³ voxels: {misfit}; {NetworkSizes.Remedy(network, [inputSize])}. Set it: --setting patchSize={NetworkSizes.Near(network, inputSize)[^1]}");
        }

        return new(inputSize, network.Relation);
    }

    /// <summary>Edge of the LR patch in LR voxels.</summary>
    public int InputSize { get; }

    /// <summary>Edge of the HR patch in HR voxels.</summary>
    public int OutputSize => (int)_relation.OutputSize(InputSize);

    /// <summary>r: HR voxels along the edge of an LR voxel.</summary>
    public int Rate => _relation.Rate;

    /// <summary>HR voxels between the first corner of the LR patch and that of the HR patch, along each axis.</summary>
    public int OutputOffset => _relation.Loss / 2;

    /// <summary>LR voxels before the first LR voxel that the output covers wholly or in part.</summary>
    public int Margin => (OutputOffset + Rate - 1) / Rate;

    /// <summary>Edge in HR voxels of the output for another input edge.</summary>
    public int OutputSizeOf(int inputSize) => (int)_relation.OutputSize(inputSize);

    /// <summary>The shortest LR edge of at least so many voxels that the network takes.</summary>
    public int InputSizeOf(int atLeast) => (int)_relation.InputSize(atLeast);

    /// <summary>The LR patch around a centre voxel.</summary>
    public Box InputBox(int x, int y, int z) =>
        Box.Cube(x - InputSize / 2, y - InputSize / 2, z - InputSize / 2, InputSize);

    /// <summary>The HR voxels that the network makes of an LR box.</summary>
    public Box OutputBox(Box input) => new(
        input.X * Rate + OutputOffset,
        input.Y * Rate + OutputOffset,
        input.Z * Rate + OutputOffset,
        OutputSizeOf(input.SizeX),
        OutputSizeOf(input.SizeY),
        OutputSizeOf(input.SizeZ));
}
