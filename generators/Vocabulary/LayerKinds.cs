namespace Iqt.Generators.Vocabulary;

/// <summary>Every layer attribute that a declaration may use.</summary>
internal static class LayerKinds
{
    private static readonly LayerKind[] Kinds =
    [
        new ConvolutionKind(2), new ConvolutionKind(3), new TransposedConvolutionKind(2), new TransposedConvolutionKind(3),
        new BatchNormKind(), new InstanceNormKind(), new GroupNormKind(),
        new ReluKind(), new LeakyReluKind(), new PReluKind(), new EluKind(),
        new FunctionKind("Gelu", "GELU", "gelu"), new FunctionKind("Silu", "SiLU", "silu"), new FunctionKind("Sigmoid", "Sigmoid", "sigmoid", new GraphMemory(Saved.Output)), new SoftmaxKind(),
        new FunctionKind("Mish", "Mish", "mish", new GraphMemory(Kept: 1, Temporaries: 2, InOneGraph: 1)),
        new FunctionKind("Softsign", "Softsign", "softsign", new GraphMemory(Kept: 1, Temporaries: 3)),
        new DropoutKind(),
        new PoolingKind("MaxPool", "max_pool", new GraphMemory(Kept: 2)), new PoolingKind("AvgPool", "avg_pool"), new GlobalAvgPoolKind(), new UpsampleKind(),
        new BlockKind("VoxelShuffle", "VoxelShuffle", isForward: true, enlarges: true), new BlockKind("VoxelUnshuffle", "VoxelShuffle", isForward: false, enlarges: false),
        new BlockKind("Squeeze", "Squeeze", isForward: true, enlarges: false), new BlockKind("Unsqueeze", "Squeeze", isForward: false, enlarges: true),
        new HaarKind("HaarDownsample", isForward: true), new HaarKind("HaarUpsample", isForward: false), new PermuteChannelsKind(),
        new ModuleKind(),
    ];

    // Lazy, so that what it throws says more than that a type's initializer failed.
    private static readonly Lazy<Dictionary<string, LayerKind>> ByAttribute = new(() => Index(Kinds));

    /// <summary>One of each kind.</summary>
    public static IReadOnlyCollection<LayerKind> All => ByAttribute.Value.Values;

    /// <summary>The kind of an attribute by its name; null if it is no layer.</summary>
    public static LayerKind? Find(string attribute) => ByAttribute.Value.TryGetValue(attribute, out LayerKind? kind) ? kind : null;

    /// <summary>Kinds by their attribute's name.</summary>
    /// <exception cref="InvalidOperationException">Two have one name.</exception>
    internal static Dictionary<string, LayerKind> Index(IEnumerable<LayerKind> kinds)
    {
        Dictionary<string, LayerKind> found = new(StringComparer.Ordinal);
        foreach (LayerKind kind in kinds)
        {
            if (found.ContainsKey(kind.Attribute))
            {
                throw new InvalidOperationException($"generators/Vocabulary/LayerKinds.cs has two kinds for [{kind.Attribute}]: leave one out");
            }

            found.Add(kind.Attribute, kind);
        }

        return found;
    }
}
