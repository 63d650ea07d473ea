using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>Milletari et al. 2016 with reversible stages.</summary>
internal sealed class VNetReference : Reference
{
    private readonly Sequential _stem;
    private readonly BlockSequence _encoder1;
    private readonly Sequential _down1;
    private readonly BlockSequence _encoder2;
    private readonly Sequential _down2;
    private readonly BlockSequence _bottom;
    private readonly Sequential _up2;
    private readonly Sequential _merge2;
    private readonly BlockSequence _decoder2;
    private readonly Sequential _up1;
    private readonly Sequential _merge1;
    private readonly BlockSequence _decoder1;
    private readonly Sequential _scores;

    public VNetReference(int blocks, int width1, int width2, int width3, int classes) : base("v-net")
    {
        BlockSequence Stage(int channels) => BlockSequence.Additive(blocks, () => ResidualFunctions.InstanceNormalized(channels / 2));
        Sequential Down(int from, int to) => nn.Sequential(("conv", nn.Conv3d(from, to, 2, stride: 2)), ("relu", nn.LeakyReLU(0.01)));
        Sequential Up(int from, int to) => nn.Sequential(("conv", nn.ConvTranspose3d(from, to, 2, stride: 2)), ("relu", nn.LeakyReLU(0.01)));
        Sequential Pointwise(int from, int to) => nn.Sequential(("conv", nn.Conv3d(from, to, 1)));
        _stem = Named("stem", nn.Sequential(("conv", nn.Conv3d(1, width1, 3, padding: 1))));
        _encoder1 = Named("encoder1", Stage(width1));
        _down1 = Named("down1", Down(width1, width2));
        _encoder2 = Named("encoder2", Stage(width2));
        _down2 = Named("down2", Down(width2, width3));
        _bottom = Named("bottom", Stage(width3));
        _up2 = Named("up2", Up(width3, width2));
        _merge2 = Named("merge2", Pointwise(2 * width2, width2));
        _decoder2 = Named("decoder2", Stage(width2));
        _up1 = Named("up1", Up(width2, width1));
        _merge1 = Named("merge1", Pointwise(2 * width1, width1));
        _decoder1 = Named("decoder1", Stage(width1));
        _scores = Named("scores", Pointwise(width1, classes));
    }

    public override Tensor[] Outputs(params Tensor[] inputs)
    {
        Tensor skip1 = _encoder1.call(_stem.call(inputs[0]));
        Tensor skip2 = _encoder2.call(_down1.call(skip1));
        Tensor x = _bottom.call(_down2.call(skip2));
        x = _decoder2.call(_merge2.call(cat([skip2, _up2.call(x)], 1)));
        x = _decoder1.call(_merge1.call(cat([skip1, _up1.call(x)], 1)));
        return [_scores.call(x)];
    }
}
