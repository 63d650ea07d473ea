namespace Iqt.Reversible;

/// <summary>How generated code differentiates a layer, and with that what of it stays in memory.</summary>
public enum LayerForm
{
    /// <summary>By autograd around this one operation, run again from its input.</summary>
    Graph,

    /// <summary>A convolution: from its input.</summary>
    Convolution,

    /// <summary>Batch normalisation, with the rectifier behind it: from its input, its output being computed again.</summary>
    Normalization,

    /// <summary>A rectifier: from its output.</summary>
    Rectifier,

    /// <summary>A rearrangement: by its inverse, from nothing.</summary>
    Rearrangement,
}
