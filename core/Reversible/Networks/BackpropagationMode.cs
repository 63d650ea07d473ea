namespace Iqt.Reversible;

/// <summary>How the gradients of a network are computed, and with that what the forward pass keeps.</summary>
public enum BackpropagationMode
{
    /// <summary>One autograd graph over the whole network (the paper's Naive). The reference.</summary>
    SingleGraph,

    /// <summary>Every segment is stored: nothing is run twice, and all activations are kept.</summary>
    Stored,

    /// <summary>The inputs of the segments are kept; each segment is run again before its gradients are computed.</summary>
    Checkpointed,

    /// <summary>
    /// The paper's method, and what the declaration says of single segments: the outputs of the stacks are kept; blocks are
    /// inverted one by one, layers recomputed. Memory does not grow with the number of blocks.
    /// </summary>
    Reversible,
}
