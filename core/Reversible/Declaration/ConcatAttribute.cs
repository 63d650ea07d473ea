namespace Iqt.Reversible;

/// <summary>The segment reads the outputs of several, their channels one after the other; their sizes are equal.</summary>
/// <param name="segments">At least two segments above this one, or inputs.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConcatAttribute(params string[] segments) : Attribute
{
    /// <summary>The segments' names.</summary>
    public IReadOnlyList<string> Segments { get; } = segments;
}
