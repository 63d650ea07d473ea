using Iqt.Generators.Validation;
using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Parsing;

/// <summary>Puts the segments of a class marked [Elongate] into the network that it names (paper, Fig. 1c,d).</summary>
internal static class ElongationParser
{
    /// <param name="own">The class marked [Elongate].</param>
    /// <param name="assembly">Its assembly.</param>
    /// <param name="baseType">The network that it names.</param>
    public static Declaration Elongate(Declaration own, IAssemblySymbol assembly, ITypeSymbol baseType)
    {
        string name = baseType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        if (Read(baseType) is not { } network)
        {
            return own with { Elongation = new(name, false, IsBroken: baseType.TypeKind == TypeKind.Error, default, default) };
        }

        List<DeclaredMember> members = [.. network.Members.Select(member => TakeOver(HiddenFrom(assembly, baseType.ContainingAssembly) ? Hidden(member, baseType.ContainingAssembly.Name) : member))];
        EquatableArray<string> names = new(members.Select(member => member.Name));
        List<DeclaredMember> misplaced = [];
        foreach (DeclaredMember segment in own.Members)
        {
            DeclaredPlacement? place = segment.Wiring.Placement.Count == 1 ? segment.Wiring.Placement[0] : null;
            int at = place is null ? -1 : members.FindIndex(member => member.Name == place.Segment);
            if (at < 0 || !names.Contains(place!.Segment) || segment.IsInput || (place.IsBefore && members[at].IsInput))
            {
                misplaced.Add(segment);
                members.Add(segment);
            }
            else if (place.IsBefore)
            {
                Before(members, at, segment);
            }
            else
            {
                After(members, at, segment, names);
            }
        }

        return own with
        {
            InputChannels = network.InputChannels,
            Dimensions = network.Dimensions,
            Hyperparameters = new(network.Hyperparameters.Select(h => h with { Property = TakeOver(h.Property, "public") }).Concat(own.Hyperparameters)),
            Members = new(members),
            Elongation = new(name, true, IsBroken: !DeclarationRules.CanBeWritten(network), names, new(misplaced)),
        };
    }

    // The source if it is at hand; else the description that generated code left in the other assembly.
    private static Declaration? Read(ITypeSymbol type) =>
        type is not INamedTypeSymbol named || named.FindAttribute(AttributeNames.Network) is null ? null
        : named.DeclaringSyntaxReferences.Length > 0 ? DeclarationParser.Parse(named, DeclarationKind.Network)
        : named.Described() is { } text ? DeclarationText.Read(text, named.Name)
        : null;

    private static bool HiddenFrom(IAssemblySymbol user, IAssemblySymbol home) => !SymbolEqualityComparer.Default.Equals(user, home) && !home.GivesAccessTo(user);

    // Generated code of another assembly can't name what is internal there.
    private static DeclaredMember Hidden(DeclaredMember member, string assembly) => member with
    {
        Operations = new(member.Operations.Select(operation => operation with
        {
            Types = new(operation.Types.Select(type => type with { HiddenIn = type.IsInternal ? assembly : null })),
        })),
    };

    private static DeclaredMember TakeOver(DeclaredMember member) => member with { Property = TakeOver(member.Property, "private") };

    private static DeclaredProperty TakeOver(DeclaredProperty property, string modifiers) =>
        property with { Modifiers = modifiers, CanImplement = false, IsTakenOver = true };

    // The new segment reads what the old one read, and the old one reads the new.
    private static void Before(List<DeclaredMember> members, int at, DeclaredMember segment)
    {
        DeclaredMember next = members[at];
        members[at] = next with { Wiring = next.Wiring with { Sources = default } };
        members.Insert(at, segment.Wiring.Sources.Count > 0 ? segment : segment with { Wiring = segment.Wiring with { Sources = next.Wiring.Sources } });
    }

    // Whoever read the old segment reads the new one. Several behind one segment stand in the order of the source.
    private static void After(List<DeclaredMember> members, int at, DeclaredMember segment, EquatableArray<string> taken)
    {
        string old = members[at].Name;
        int place = at + 1;
        while (place < members.Count && !taken.Contains(members[place].Name) && members[place].Wiring.Placement.Any(p => !p.IsBefore && p.Segment == old))
        {
            place++;
        }

        string previous = members[place - 1].Name;
        for (int i = place; i < members.Count; i++)
        {
            members[i] = members[i] with { Wiring = Renamed(members[i].Wiring, previous, segment.Name) };
        }

        if (members[place - 1].Wiring.Output is { } output)
        {
            members[place - 1] = members[place - 1] with { Wiring = members[place - 1].Wiring with { Output = null } };
            segment = segment with { Wiring = segment.Wiring with { Output = output } };
        }

        members.Insert(place, segment);
    }

    private static DeclaredWiring Renamed(DeclaredWiring wiring, string from, string to) => wiring with
    {
        Sources = new(wiring.Sources.Select(s => s with { Names = new(s.Names.Select(name => name == from ? to : name)) })),
    };
}
