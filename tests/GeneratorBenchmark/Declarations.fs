/// Sources for the benchmark: networks as large as the paper's, each in a file of its own.
module Iqt.GeneratorBenchmark.Declarations

let private head = "using Iqt.Reversible;\nnamespace Sample;\n"

/// A bottleneck that all networks share.
let residualFunction =
    head
    + """
[ResidualFunction]
public sealed partial class Bottleneck
{
    [BatchNorm, Relu, Conv3d(Kernel = 1)]
    private partial Layers Reduce { get; }

    [BatchNorm, Relu, Conv3d(Kernel = 3, Padding = 1)]
    private partial Layers Spatial { get; }

    [BatchNorm, Relu, Conv3d(Kernel = 1)]
    private partial Layers Expand { get; }
}
"""

/// An ESPCN-RN of its own name, with <c>width</c> channels in the first layer.
let network (number: int) (width: int) =
    head
    + $$"""
/// <summary>Network {{number}}.</summary>
[Network("net-{{number}}", InputChannels = 6)]
public sealed partial class Net{{number}}
{
    [Hyperparameter(4)]
    public partial int Blocks { get; }

    [Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack1 { get; }

    [Conv3d({{width}}, Kernel = 3), Relu]
    private partial Segment Layer1 { get; }

    [Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack2 { get; }

    [Conv3d(100, Kernel = 1), Relu]
    private partial Segment Layer2 { get; }

    [Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack3 { get; }

    [Conv3d(48, Kernel = 3)]
    private partial Segment Layer3 { get; }

    [VoxelShuffle(2)]
    private partial Segment Output { get; }
}
"""

/// A file without declarations.
let unrelated (body: string) =
    $"namespace Sample; public static class Unrelated {{ public static int Number() {{ {body} }} }}"
