namespace Iqt.Reversible;

/// <summary>How a segment is backpropagated in mode <see cref="BackpropagationMode.Reversible"/>, other than its kind suggests.</summary>
/// <param name="strategy">The strategy; only stacks and rearrangements can be reversed.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BackpropagateAttribute(SegmentStrategy strategy) : Attribute
{
    /// <summary>The strategy.</summary>
    public SegmentStrategy Strategy { get; } = strategy;
}
