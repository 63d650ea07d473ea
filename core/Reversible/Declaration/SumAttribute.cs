namespace Iqt.Reversible;

/// <summary>The segment reads the sum of several outputs; their channels and sizes are equal.</summary>
/// <param name="segments">At least two segments above this one, or inputs.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SumAttribute(params string[] segments) : Attribute
{
    /// <summary>The segments' names.</summary>
    public IReadOnlyList<string> Segments { get; } = segments;
}
