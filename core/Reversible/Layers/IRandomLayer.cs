namespace Iqt.Reversible;

/// <summary>A layer that draws random numbers: from a stream of its own, so that layers of one step differ.</summary>
internal interface IRandomLayer
{
    /// <summary>The number of the layer within its network.</summary>
    ulong Stream { get; set; }

    /// <summary>Whether its next run draws, or may draw: it alone may be in training mode.</summary>
    bool Draws { get; }
}
