using Iqt.Generators.Parsing;

namespace Iqt.Generators.Models;

/// <summary>A segment with its channels worked out.</summary>
internal abstract record SegmentModel(DeclaredProperty Property, Count Input, Count Output)
{
    public string Name => Property.Name;

    /// <summary>How the backward pass in mode Reversible treats it.</summary>
    public abstract SegmentStrategy Strategy { get; }
}

/// <param name="Function">The residual function's name as generated code writes it.</param>
internal sealed record StackModel(DeclaredProperty Property, Count Channels, string Function, Count Blocks)
    : SegmentModel(Property, Channels, Channels)
{
    public override SegmentStrategy Strategy => SegmentStrategy.Reverse;
}

/// <param name="Operations">At least one if the declaration is valid.</param>
internal sealed record LayersModel(DeclaredProperty Property, Count Input, Count Output, EquatableArray<OperationModel> Operations)
    : SegmentModel(Property, Input, Output)
{
    public bool HasParameters => Operations.Any(o => o is ConvolutionModel or BatchNormModel);

    public override SegmentStrategy Strategy =>
        Operations.All(o => o is VoxelShuffleModel) ? SegmentStrategy.Rearrange : SegmentStrategy.Recompute;
}

internal enum SegmentStrategy
{
    /// <summary>A stack: inverted block by block from its output.</summary>
    Reverse,

    /// <summary>Run again from its input with a graph.</summary>
    Recompute,

    /// <summary>Only moves numbers: its adjoint is its inverse and reads no activation.</summary>
    Rearrange,
}
