namespace Iqt.Reversible;

/// <summary>Places a segment of an elongated network: all that read another's output read this segment's.</summary>
/// <param name="segment">A segment of the network that is elongated.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AfterAttribute(string segment) : Attribute
{
    /// <summary>The segment's name.</summary>
    public string Segment { get; } = segment;
}
