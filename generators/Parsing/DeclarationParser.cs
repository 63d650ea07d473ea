using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Parsing;

/// <summary>Reads a class marked [Network], [Elongate] or [ResidualFunction]; what comes out holds no symbols and no syntax.</summary>
internal static class DeclarationParser
{
    public static Declaration Parse(INamedTypeSymbol type, DeclarationKind kind)
    {
        List<DeclaredHyperparameter> hyperparameters = [];
        List<DeclaredMember> members = [];
        HashSet<SyntaxTree> files = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (IPropertySymbol property in Properties(type).Where(property => names.Add(property.Name)))
        {
            if (property.FindAttribute(AttributeNames.Hyperparameter) is { } hyperparameter)
            {
                EquatableArray<DeclaredOperation> strays = MemberParser.Parse(property, type, kind)?.Operations ?? default;
                hyperparameters.Add(new(PropertyParser.Parse(property), ArgumentParser.Parse(hyperparameter).FirstOrDefault()?.Value.Number ?? 0, strays));
            }
            else if (MemberParser.Parse(property, type, kind) is { } member)
            {
                members.Add(member);
                files.UnionWith(property.DeclaringSyntaxReferences.Select(reference => reference.SyntaxTree));
            }
        }

        AttributeData? marker = type.FindAttribute(AttributeNames.Network) ?? type.FindAttribute(AttributeNames.Elongate);
        EquatableArray<DeclaredArgument> arguments = marker is null ? default : ArgumentParser.Parse(marker);
        Setting? Argument(string name) => arguments.FirstOrDefault(a => a.Name == name)?.Value;
        var declaration = new Declaration(
            kind,
            ClassParser.Parse(type, kind, spansFiles: files.Count > 1, [.. hyperparameters.Select(h => h.Property.Name), .. members.Select(m => m.Name)]),
            Argument("name")?.Text ?? "",
            Argument("InputChannels"),
            Argument("Dimensions")?.Number ?? 3,
            new(hyperparameters),
            new(members));
        return marker?.AttributeClass is { MetadataName: AttributeNames.Elongate } elongate
            ? ElongationParser.Elongate(declaration, type.ContainingAssembly, elongate.TypeArguments[0])
            : declaration;
    }

    /// <summary>The type of the properties that name a declaration's parts.</summary>
    public static string MemberType(DeclarationKind kind) => kind == DeclarationKind.Network ? "Segment" : "Layers";

    private static IEnumerable<IPropertySymbol> Properties(INamedTypeSymbol type) =>
        type.GetMembers()
        .OfType<IPropertySymbol>()
        .Where(p => p.PartialDefinitionPart is null && !p.IsGenerated() && p.Name.Length > 0);
}
