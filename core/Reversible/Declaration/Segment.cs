namespace Iqt.Reversible;

/// <summary>
/// A named part of a network between two activations. In a declaration, the type of the partial properties that name the
/// segments; at run time, the description of one.
/// </summary>
/// <param name="Name">The declared name, for example <c>Stack1</c>.</param>
/// <param name="Kind">A stack, layers, or layers that only rearrange.</param>
/// <param name="Operations">What it does, for example <c>4 × Bottleneck</c> or <c>Conv3d 6→50 kernel 3, ReLU</c>.</param>
/// <param name="InputChannels">Channels that come in, of all sources together.</param>
/// <param name="OutputChannels">Channels that go out.</param>
public sealed record Segment(string Name, SegmentKind Kind, string Operations, int InputChannels, int OutputChannels)
{
    /// <summary>The segments and inputs whose outputs it reads.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>How it reads several.</summary>
    public Junction Junction { get; init; }

    /// <summary>How the spatial size changes.</summary>
    public SpatialMap Sizes { get; init; } = SpatialMap.Identity;

    /// <summary>RevNet blocks of a stack, 0 for layers.</summary>
    public int Blocks { get; init; }

    /// <summary>Layers as generated code runs them; empty for a stack.</summary>
    public IReadOnlyList<LayerStep> Steps { get; init; } = [];

    /// <summary>Whether its output is one of the network's.</summary>
    public bool IsOutput { get; init; }

    /// <summary>How mode <see cref="BackpropagationMode.Reversible"/> treats it: what is declared, or what its kind suggests.</summary>
    public SegmentStrategy Strategy { get; init; } = Kind == SegmentKind.Layers ? SegmentStrategy.Recompute : SegmentStrategy.Reverse;
}
