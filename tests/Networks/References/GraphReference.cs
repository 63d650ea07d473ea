using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>The counterpart of <see cref="GraphNetwork"/>.</summary>
internal sealed class GraphReference : Reference
{
    private readonly Sequential _stem;
    private readonly BlockSequence _encoder;
    private readonly Sequential _pooled;
    private readonly BlockSequence _bottom;
    private readonly Sequential _coarse;
    private readonly Sequential _up;
    private readonly BlockSequence _decoder;
    private readonly Sequential _fine;

    public GraphReference(int blocks) : base("graph")
    {
        _stem = Named("stem", nn.Sequential(("conv", nn.Conv3d(2, 8, 3, padding: 1))));
        _encoder = Named("encoder", BlockSequence.Additive(blocks, () => ResidualFunctions.Basic(4)));
        _pooled = Named("pooled", nn.Sequential(("pool", nn.MaxPool3d(2)), ("conv", nn.Conv3d(8, 8, 1))));
        _bottom = Named("bottom", new BlockSequence(Enumerable.Range(0, blocks).Select(_ =>
            new AffineBlock(() => ResidualFunctions.Bottleneck(4), () => ResidualFunctions.Basic(4)))));
        _coarse = Named("coarse", nn.Sequential(("conv", nn.Conv3d(8, 3, 1))));
        _up = Named("up", nn.Sequential(("conv", nn.ConvTranspose3d(8, 8, 2, stride: 2))));
        _decoder = Named("decoder", new BlockSequence(
            Enumerable.Range(0, blocks).Select(i => new AdditiveBlock(ResidualFunctions.Grouped(8, 2 * i), ResidualFunctions.Grouped(8, 2 * i + 1))),
            BlockSequence.Interleaved(16)));
        _fine = Named("fine", nn.Sequential(("conv", nn.Conv3d(24, 3, 1))));
    }

    public override Tensor[] Outputs(params Tensor[] inputs)
    {
        Tensor stem = _stem.call(inputs[0]);
        Tensor encoder = _encoder.call(stem);
        Tensor bottom = _bottom.call(Gelu(_pooled.call(encoder)));
        Tensor up = _up.call(bottom);
        Tensor decoder = _decoder.call(cat([encoder, up], 1));
        return [_coarse.call(bottom), _fine.call(cat([decoder, Add(stem, up)], 1))];
    }

    // x · Φ(x)
    private static Tensor Gelu(Tensor x) => x.mul(erf(x.div(Math.Sqrt(2))).mul(0.5).add(0.5));
}
