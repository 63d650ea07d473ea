namespace Iqt.Reversible;

/// <summary>What acts on a half of the channels: it keeps every size, but may need a shortest edge.</summary>
internal interface ISizeKeeping
{
    /// <summary>The steps say which edges fit.</summary>
    SpatialMap Sizes { get; }
}
