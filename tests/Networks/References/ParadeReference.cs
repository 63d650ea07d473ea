using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>The counterpart of <see cref="Parade"/>.</summary>
internal sealed class ParadeReference : Reference
{
    private readonly Sequential _reflected;
    private readonly Sequential _replicated;
    private readonly Sequential _averaged;
    private readonly Sequential _transposed;

    public ParadeReference() : base("parade")
    {
        _reflected = Named("reflected", nn.Sequential(("conv", nn.Conv3d(4, 8, 3)), ("norm", nn.InstanceNorm3d(8, affine: true)), ("relu", nn.LeakyReLU(0.1))));
        _replicated = Named("replicated", nn.Sequential(("conv", nn.Conv3d(8, 8, 3, stride: 2)), ("norm", nn.GroupNorm(4, 8))));
        _averaged = Named("averaged", nn.Sequential(("conv", nn.Conv3d(8, 8, 2, groups: 2))));
        _transposed = Named("transposed", nn.Sequential(("conv", nn.ConvTranspose3d(8, 4, 3, stride: 2, padding: 1, output_padding: 1))));
    }

    public override Tensor[] Outputs(params Tensor[] inputs)
    {
        Tensor x = _reflected.call(Resampling.Reflect(inputs[0], 1));
        x = _replicated.call(Resampling.Replicate(x, 1));
        x = x.mul(Sigmoid(x));
        x = Elu(_averaged.call(Mean3(x)), 0.7);
        x = Sigmoid(Resampling.LinearTwice(x));
        Tensor channels = Rearrangements.Unshuffle(x);
        x = Rearrangements.Shuffle(channels.index_select(1, tensor(BlockSequence.Interleaved((int)channels.shape[1]))));
        x = exp(_transposed.call(Resampling.Nearest(x, 2)));
        return [x.div(x.sum(1, keepdim: true))];
    }

    private static Tensor Sigmoid(Tensor x) => x.neg().exp().add(1).reciprocal();

    private static Tensor Elu(Tensor x, double alpha) => where(x.gt(0), x, x.exp().sub(1).mul(alpha));

    // The mean of 3³ voxels; zeros stand outside of the image.
    private static Tensor Mean3(Tensor x) =>
        nn.functional.conv3d(x, full([x.shape[1], 1, 3, 3, 3], 1.0 / 27, x.dtype), padding: [1, 1, 1], groups: x.shape[1]);
}
