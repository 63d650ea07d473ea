namespace Iqt.Reversible;

/// <summary>Which of a layer's own tensors autograd keeps for its gradient.</summary>
public enum SavedTensor
{
    /// <summary>What comes in, as of most functions.</summary>
    Input,

    /// <summary>What goes out, where the derivative follows from it: sigmoid, softmax.</summary>
    Output,

    /// <summary>Neither: only something made within, as a dropout's mask.</summary>
    None,
}
