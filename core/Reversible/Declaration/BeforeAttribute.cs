namespace Iqt.Reversible;

/// <summary>Places a segment of an elongated network: it takes over the input of another.</summary>
/// <param name="segment">A segment of the network that is elongated.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BeforeAttribute(string segment) : Attribute
{
    /// <summary>The segment's name.</summary>
    public string Segment { get; } = segment;
}
