namespace Iqt.Reversible;

/// <summary>How a segment reads its sources.</summary>
public enum Junction
{
    /// <summary>It has only one.</summary>
    None,

    /// <summary>Their channels one after the other.</summary>
    Concat,

    /// <summary>Their sum.</summary>
    Sum,
}
