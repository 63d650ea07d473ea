namespace Iqt.Generators.Parsing;

/// <summary>How a segment hangs together with the others.</summary>
/// <param name="Sources">What [From], [Concat] and [Sum] say, in order; none for the segment above.</param>
/// <param name="Output">Where [Output] stands among its attributes; null if it does not.</param>
/// <param name="Strategy">What [Backpropagate] says.</param>
/// <param name="Placement">What [Before] or [After] say.</param>
internal sealed record DeclaredWiring(
    EquatableArray<DeclaredSources> Sources, int? Output, DeclaredStrategy? Strategy, EquatableArray<DeclaredPlacement> Placement)
{
    public static DeclaredWiring None { get; } = new(default, null, null, default);

    /// <summary>Whether its output is said to be one of the network's.</summary>
    public bool IsOutput => Output is not null;
}

internal sealed record DeclaredSources(int AttributeIndex, string Attribute, EquatableArray<string> Names);

/// <param name="Strategy">Store, Recompute or Reverse.</param>
internal sealed record DeclaredStrategy(int AttributeIndex, string Strategy);

internal sealed record DeclaredPlacement(int AttributeIndex, bool IsBefore, string Segment);
