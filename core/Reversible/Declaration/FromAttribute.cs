namespace Iqt.Reversible;

/// <summary>The segment reads another's output, not that of the segment above it.</summary>
/// <param name="segment">A segment above this one, or an input: <c>nameof(Encoder)</c>, <c>"Input"</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FromAttribute(string segment) : Attribute
{
    /// <summary>The segment's name.</summary>
    public string Segment { get; } = segment;
}
