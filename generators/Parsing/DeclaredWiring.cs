namespace Iqt.Generators.Parsing;

/// <summary>How a segment hangs together with the others.</summary>
/// <param name="Sources">What [From], [Concat] and [Sum] say, in order; none for the segment above.</param>
/// <param name="IsOutput">Whether [Output] stands on it.</param>
/// <param name="Strategy">What [Backpropagate] says.</param>
/// <param name="Placement">What [Before] or [After] say.</param>
internal sealed record DeclaredWiring(
    EquatableArray<DeclaredSources> Sources, bool IsOutput, DeclaredStrategy? Strategy, EquatableArray<DeclaredPlacement> Placement)
{
    public static DeclaredWiring None { get; } = new(default, false, null, default);
}

internal sealed record DeclaredSources(int AttributeIndex, string Attribute, EquatableArray<string> Names);

/// <param name="Strategy">Store, Recompute or Reverse.</param>
internal sealed record DeclaredStrategy(int AttributeIndex, string Strategy);

internal sealed record DeclaredPlacement(int AttributeIndex, bool IsBefore, string Segment);
