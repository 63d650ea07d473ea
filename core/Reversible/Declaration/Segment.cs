namespace Iqt.Reversible;

/// <summary>
/// A named part of a network between two activations: a stack of RevNet blocks or layers. In a declaration,
/// the type of the partial properties that name the segments; at run time, the description of one.
/// </summary>
/// <param name="Name">The declared name, for example <c>Stack1</c>.</param>
/// <param name="Kind">A stack or layers.</param>
/// <param name="Operations">What it does, for example <c>4 × Bottleneck</c> or <c>Conv3d 6→50 kernel 3, ReLU</c>.</param>
/// <param name="Blocks">RevNet blocks of a stack, 0 for layers.</param>
/// <param name="InputChannels">Channels that come in.</param>
/// <param name="OutputChannels">Channels that go out.</param>
/// <param name="Relation">How the spatial size changes.</param>
/// <param name="Cached">What the forward pass keeps of it in mode Reversible.</param>
public sealed record Segment(
    string Name,
    SegmentKind Kind,
    string Operations,
    int Blocks,
    int InputChannels,
    int OutputChannels,
    SpatialRelation Relation,
    string Cached);
