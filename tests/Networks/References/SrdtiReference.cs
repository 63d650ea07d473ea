using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>After Tian et al. 2021.</summary>
internal sealed class SrdtiReference : Reference
{
    private readonly Sequential _features;
    private readonly BlockSequence _stack;
    private readonly Sequential _residual;

    public SrdtiReference(int blocks, int width) : base("srdti")
    {
        _features = Named("features", nn.Sequential(("conv", nn.Conv3d(6, width, 3, padding: 1)), ("relu", nn.ReLU())));
        _stack = Named("stack", BlockSequence.Additive(blocks, () => ResidualFunctions.Basic(width / 2)));
        _residual = Named("residual", nn.Sequential(("conv", nn.Conv3d(width, 6, 3, padding: 1))));
    }

    public override Tensor[] Outputs(params Tensor[] inputs)
    {
        Tensor interpolated = Resampling.LinearTwice(inputs[0]);
        return [Add(interpolated, _residual.call(_stack.call(_features.call(interpolated))))];
    }
}
