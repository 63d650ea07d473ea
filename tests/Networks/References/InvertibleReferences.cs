using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>After Jacobsen et al. 2018.</summary>
internal sealed class IRevNetReference : Reference
{
    private readonly BlockSequence _stage1;
    private readonly BlockSequence _stage2;
    private readonly BlockSequence _stage3;

    public IRevNetReference(int blocks) : base("i-revnet")
    {
        _stage1 = Named("stage1", BlockSequence.Additive(blocks, () => ResidualFunctions.Basic(1), BlockSequence.Reversed(2)));
        _stage2 = Named("stage2", BlockSequence.Additive(blocks, () => ResidualFunctions.Bottleneck(8), BlockSequence.Interleaved(16)));
        _stage3 = Named("stage3", BlockSequence.Additive(blocks, () => ResidualFunctions.Bottleneck(64), BlockSequence.Interleaved(128)));
    }

    public override Tensor[] Outputs(params Tensor[] inputs)
    {
        Tensor x = Rearrangements.Squeeze(_stage1.call(inputs[0]));
        x = Rearrangements.Haar(_stage2.call(x));
        return [_stage3.call(x)];
    }
}

/// <summary>The counterpart of <see cref="Invertible2d"/>.</summary>
internal sealed class Invertible2dReference : Reference
{
    private readonly BlockSequence _first;
    private readonly BlockSequence _second;

    public Invertible2dReference() : base("invertible")
    {
        _first = Named("first", new BlockSequence([new AffineBlock(() => ResidualFunctions.Basic2d(4), () => ResidualFunctions.Basic2d(4))]));
        _second = Named("second", BlockSequence.Additive(2, () => ResidualFunctions.Basic2d(16), BlockSequence.Reversed(32)));
    }

    public override Tensor[] Outputs(params Tensor[] inputs)
    {
        Tensor x = _first.call(Rearrangements.Squeeze(inputs[0]));
        x = Rearrangements.Haar(x).index_select(1, tensor(BlockSequence.Reversed(32)));
        x = Rearrangements.InverseHaar(_second.call(x));
        return [Rearrangements.Unsqueeze(x)];
    }
}
