namespace Iqt.Reversible;

/// <summary>How one segment is backpropagated.</summary>
public enum SegmentStrategy
{
    /// <summary>Its activations are kept from the forward to the backward pass.</summary>
    Store,

    /// <summary>It is run again from its input, which is kept.</summary>
    Recompute,

    /// <summary>Its input is computed from its output: of a stack block by block, of a rearrangement at once.</summary>
    Reverse,
}
