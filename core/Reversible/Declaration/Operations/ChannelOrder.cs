namespace Iqt.Reversible;

/// <summary>A fixed permutation of channels.</summary>
public enum ChannelOrder
{
    /// <summary>None: the channels stay where they are.</summary>
    Same,

    /// <summary>Last to first; swaps the halves of a stack.</summary>
    Reversed,

    /// <summary>One of the first half, one of the second, and so on; mixes the halves of a stack.</summary>
    Interleaved,
}
