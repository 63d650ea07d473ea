using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>Gomez et al. 2017.</summary>
internal sealed class RevNetReference : Reference
{
    private readonly Sequential _stem;
    private readonly BlockSequence _stage1;
    private readonly Sequential _down1;
    private readonly BlockSequence _stage2;
    private readonly Sequential _down2;
    private readonly BlockSequence _stage3;
    private readonly Sequential _classifier;

    public RevNetReference(int blocks, int width3, int classes) : base("revnet")
    {
        _stem = Named("stem", nn.Sequential(("conv", nn.Conv2d(3, 32, 3, padding: 1, bias: false))));
        _stage1 = Named("stage1", BlockSequence.Additive(blocks, () => ResidualFunctions.Basic2d(16)));
        _down1 = Named("down1", Down(32, 64));
        _stage2 = Named("stage2", BlockSequence.Additive(blocks, () => ResidualFunctions.Basic2d(32)));
        _down2 = Named("down2", Down(64, width3));
        _stage3 = Named("stage3", BlockSequence.Additive(blocks, () => ResidualFunctions.Basic2d(width3 / 2)));
        _classifier = Named("classifier", nn.Sequential(
            ("norm", nn.BatchNorm2d(width3)), ("relu", nn.ReLU()), ("pool", nn.AdaptiveAvgPool2d(1)), ("conv", nn.Conv2d(width3, classes, 1))));
    }

    public override Tensor[] Outputs(params Tensor[] inputs)
    {
        Tensor x = _stage1.call(_stem.call(inputs[0]));
        x = _stage2.call(_down1.call(x));
        x = _stage3.call(_down2.call(x));
        return [_classifier.call(x)];
    }

    private static Sequential Down(int from, int to) => nn.Sequential(
        ("norm", nn.BatchNorm2d(from)), ("relu", nn.ReLU()), ("conv", nn.Conv2d(from, to, 3, stride: 2, padding: 1, bias: false)));
}
