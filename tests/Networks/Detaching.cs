using Iqt.Reversible;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks;

/// <summary>Hides its input from autograd.</summary>
public sealed class DetachingModule() : nn.Module<Tensor, Tensor>(nameof(DetachingModule))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using Tensor hidden = input.detach();
        return hidden.tanh();
    }
}

/// <summary>What stands before such a layer never learns.</summary>
[Network("detaching", InputChannels = 2)]
public sealed partial class DetachingNetwork
{
    [Conv3d(4)]
    private partial Segment Before { get; }

    [Layer<DetachingModule>, Conv3d(2)]
    private partial Segment Behind { get; }
}

/// <summary>The same of diffusion tensors, twice as fine.</summary>
[Network("detaching-tensors", InputChannels = 6)]
public sealed partial class DetachingTensorsNetwork
{
    [Conv3d(8)]
    private partial Segment Before { get; }

    [Stack<TypelessModule>(0)]
    private partial Segment Nothing { get; }

    [Layer<DetachingModule>, Conv3d(48)]
    private partial Segment Behind { get; }

    [VoxelShuffle(2)]
    private partial Segment Output { get; }
}

/// <summary>The same, with running statistics in what never learns.</summary>
[Network("detaching-statistics", InputChannels = 2)]
public sealed partial class DetachingStatisticsNetwork
{
    [Conv3d(4), BatchNorm]
    private partial Segment Before { get; }

    [Layer<DetachingModule>, Conv3d(4), BatchNorm, Conv3d(2)]
    private partial Segment Behind { get; }
}
