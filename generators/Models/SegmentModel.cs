using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Models;

/// <summary>A segment with its channels worked out.</summary>
/// <param name="Member">As written.</param>
/// <param name="Sources">Names of the activations that it reads.</param>
/// <param name="Junction">None, Concat or Sum: how it reads several.</param>
/// <param name="Input">Channels that come in, of all sources together.</param>
/// <param name="IsOutput">Whether its output is one of the network's.</param>
internal abstract record SegmentModel(DeclaredMember Member, EquatableArray<string> Sources, string Junction, Count Input, bool IsOutput)
{
    public string Name => Member.Name;

    public DeclaredProperty Property => Member.Property;

    public abstract Count Output { get; }
}

/// <param name="Declared">The attribute.</param>
/// <param name="Blocks">Number of blocks.</param>
internal sealed record StackModel(
    DeclaredMember Member, EquatableArray<string> Sources, string Junction, Count Input, bool IsOutput, DeclaredOperation Declared, Count Blocks)
    : SegmentModel(Member, Sources, Junction, Input, IsOutput)
{
    /// <summary>Unknown where the stack can't be built on its channels.</summary>
    public override Count Output => HasOddChannels || Divisors.Any(rule => rule.IsBroken) ? Count.Unknown : Input;

    public bool HasOddChannels => Input.Value is { } channels && channels % 2 != 0;

    /// <summary>What its residual functions need of its channels.</summary>
    public IEnumerable<DivisorRule> Divisors => Declared.Types.Distinct()
        .Where(function => function.Shape.Multiple > 1)
        .Select(function => new DivisorRule($"Residual function {function.Name} works on half of the channels and so", Input, Count.Literal(2 * function.Shape.Multiple)));

    public DeclaredType F => Declared.Types[0];

    public DeclaredType G => Declared.Types[Declared.Types.Count - 1];

    /// <summary>The shortest edge that its residual functions take.</summary>
    public int Smallest => Math.Max(F.Shape.Smallest, G.Shape.Smallest);

    public bool IsAffine => Declared.Find("Coupling")?.Number == 1;

    /// <summary>Reversed or Interleaved; null where channels stay.</summary>
    public string? Permutation => ChannelOrders.Name(Declared.Find("Permutation")?.Number ?? 0);
}

/// <param name="Operations">None for a segment that only joins.</param>
internal sealed record LayersModel(
    DeclaredMember Member, EquatableArray<string> Sources, string Junction, Count Input, bool IsOutput, EquatableArray<OperationModel> Operations)
    : SegmentModel(Member, Sources, Junction, Input, IsOutput)
{
    public override Count Output => Operations.LastOrDefault() is { } last ? last.Handed : Input.Value > NumberRule.MostChannels ? Count.Unknown : Input;

    public bool HasModules => Operations.Any(operation => operation.Name.Length > 0);

    /// <summary>Whether its inverse is its adjoint, so that the backward pass needs no activation.</summary>
    public bool IsRearrangement => Operations.All(operation => operation.Kind.IsRearrangement);
}
