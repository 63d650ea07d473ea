namespace Iqt.Reversible;

/// <summary>What a segment is made of.</summary>
public enum SegmentKind
{
    /// <summary>RevNet blocks: its input can be computed from its output.</summary>
    Stack,

    /// <summary>Ordinary layers.</summary>
    Layers,

    /// <summary>
    /// Layers that only move numbers or turn them by an orthogonal matrix (shuffles, squeezes, the Haar transform,
    /// permutations): the inverse is the adjoint, and the backward pass needs no activation.
    /// </summary>
    Rearrangement,
}
