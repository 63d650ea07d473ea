namespace Iqt.Generators.Vocabulary;

/// <summary>Which of a layer's own tensors autograd keeps: the names of the core's SavedTensor, which generated code says.</summary>
internal enum Saved
{
    /// <summary>What comes in.</summary>
    Input,

    /// <summary>What goes out.</summary>
    Output,

    /// <summary>Neither: only something made within.</summary>
    None,
}
