using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>After Kamnitsas et al. 2017.</summary>
internal sealed class DeepMedicReference : Reference
{
    private readonly Sequential _detail1;
    private readonly BlockSequence _detailStack;
    private readonly Sequential _detail2;
    private readonly Sequential _surrounding1;
    private readonly BlockSequence _surroundingStack;
    private readonly Sequential _surrounding2;
    private readonly Sequential _joined;
    private readonly Sequential _scores;

    public DeepMedicReference(int blocks, int classes) : base("deep-medic")
    {
        BlockSequence Stack() => BlockSequence.Additive(blocks, () => ResidualFunctions.Bottleneck(15));
        _detail1 = Named("detail1", Layer(1, 30, 3));
        _detailStack = Named("detailStack", Stack());
        _detail2 = Named("detail2", Layer(30, 40, 3));
        _surrounding1 = Named("surrounding1", Layer(1, 30, 3));
        _surroundingStack = Named("surroundingStack", Stack());
        _surrounding2 = Named("surrounding2", Layer(30, 40, 3));
        _joined = Named("joined", Layer(80, 60, 1, ("dropout", new SeededDropout(0.5, stream: 0))));
        _scores = Named("scores", nn.Sequential(("conv", nn.Conv3d(60, classes, 1))));
    }

    public override Tensor[] Outputs(params Tensor[] inputs)
    {
        Tensor detail = _detail2.call(_detailStack.call(_detail1.call(inputs[0])));
        Tensor surrounding = _surrounding2.call(_surroundingStack.call(_surrounding1.call(inputs[1])));
        Tensor joined = _joined.call(cat([detail, Resampling.Nearest(surrounding, 3)], 1));
        return [_scores.call(joined)];
    }

    private static Sequential Layer(int from, int to, int kernel, params (string, nn.Module<Tensor, Tensor>)[] behind) => nn.Sequential(
        [("conv", nn.Conv3d(from, to, kernel)), ("norm", nn.BatchNorm3d(to)), ("prelu", nn.PReLU(to)), .. behind]);
}
