namespace Iqt.Generators.Vocabulary;

/// <summary>Every layer attribute that a declaration may use.</summary>
internal static class LayerKinds
{
    private static readonly Dictionary<string, LayerKind> ByAttribute = new LayerKind[]
    {
        new ConvolutionKind(2), new ConvolutionKind(3), new TransposedConvolutionKind(2), new TransposedConvolutionKind(3),
        new BatchNormKind(), new InstanceNormKind(), new GroupNormKind(),
        new ReluKind(), new LeakyReluKind(), new PReluKind(), new EluKind(),
        new FunctionKind("Gelu", "GELU", "gelu"), new FunctionKind("Silu", "SiLU", "silu"), new FunctionKind("Sigmoid", "Sigmoid", "sigmoid"), new SoftmaxKind(),
        new DropoutKind(),
        new PoolingKind("MaxPool", "max_pool"), new PoolingKind("AvgPool", "avg_pool"), new GlobalAvgPoolKind(), new UpsampleKind(),
        new BlockKind("VoxelShuffle", "VoxelShuffle", isForward: true, enlarges: true), new BlockKind("VoxelUnshuffle", "VoxelShuffle", isForward: false, enlarges: false),
        new BlockKind("Squeeze", "Squeeze", isForward: true, enlarges: false), new BlockKind("Unsqueeze", "Squeeze", isForward: false, enlarges: true),
        new HaarKind("HaarDownsample", isForward: true), new HaarKind("HaarUpsample", isForward: false), new PermuteChannelsKind(),
        new ModuleKind(),
    }.ToDictionary(kind => kind.Attribute, StringComparer.Ordinal);

    /// <summary>One of each kind.</summary>
    public static IReadOnlyCollection<LayerKind> All => ByAttribute.Values;

    /// <summary>The kind of an attribute by its name; null if it is no layer.</summary>
    public static LayerKind? Find(string attribute) => ByAttribute.TryGetValue(attribute, out LayerKind? kind) ? kind : null;
}
