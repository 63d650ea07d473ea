using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>Tanno et al. 2017.</summary>
internal sealed class EspcnReference : Reference
{
    private readonly Sequential _layer1;
    private readonly Sequential _layer2;
    private readonly Sequential _layer3;

    public EspcnReference() : base("espcn")
    {
        _layer1 = Named("layer1", nn.Sequential(("conv", nn.Conv3d(6, 50, 3)), ("relu", nn.ReLU())));
        _layer2 = Named("layer2", nn.Sequential(("conv", nn.Conv3d(50, 100, 1)), ("relu", nn.ReLU())));
        _layer3 = Named("layer3", nn.Sequential(("conv", nn.Conv3d(100, 48, 3))));
    }

    public override Tensor[] Outputs(params Tensor[] inputs) =>
        [Rearrangements.Shuffle(_layer3.call(_layer2.call(_layer1.call(inputs[0]))))];
}

/// <summary>Blumberg et al. 2018, Fig. 3.</summary>
internal sealed class EspcnRnReference : Reference
{
    private readonly BlockSequence _stack1;
    private readonly Sequential _layer1;
    private readonly BlockSequence _stack2;
    private readonly Sequential _layer2;
    private readonly BlockSequence _stack3;
    private readonly Sequential _layer3;

    public EspcnRnReference(int blocks) : base("espcn-rn")
    {
        _stack1 = Named("stack1", BlockSequence.Additive(blocks, () => ResidualFunctions.Bottleneck(3)));
        _layer1 = Named("layer1", nn.Sequential(("conv", nn.Conv3d(6, 50, 3)), ("relu", nn.ReLU())));
        _stack2 = Named("stack2", BlockSequence.Additive(blocks, () => ResidualFunctions.Bottleneck(25)));
        _layer2 = Named("layer2", nn.Sequential(("conv", nn.Conv3d(50, 100, 1)), ("relu", nn.ReLU())));
        _stack3 = Named("stack3", BlockSequence.Additive(blocks, () => ResidualFunctions.Bottleneck(50)));
        _layer3 = Named("layer3", nn.Sequential(("conv", nn.Conv3d(100, 48, 3))));
    }

    public override Tensor[] Outputs(params Tensor[] inputs)
    {
        Tensor x = _layer1.call(_stack1.call(inputs[0]));
        x = _layer2.call(_stack2.call(x));
        x = _layer3.call(_stack3.call(x));
        return [Rearrangements.Shuffle(x)];
    }
}
