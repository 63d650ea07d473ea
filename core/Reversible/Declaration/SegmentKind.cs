namespace Iqt.Reversible;

/// <summary>What a segment is made of.</summary>
public enum SegmentKind
{
    /// <summary>RevNet blocks: its input can be computed from its output.</summary>
    Stack,

    /// <summary>Ordinary layers: recomputed from the cached input.</summary>
    Layers,
}
