using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iqt.Generators.Parsing;

/// <summary>Reads a class marked [Network] or [ResidualFunction]; what comes out holds no symbols and no syntax.</summary>
internal static class DeclarationParser
{
    public static Declaration Parse(INamedTypeSymbol type, DeclarationKind kind)
    {
        List<DeclaredHyperparameter> hyperparameters = [];
        List<DeclaredMember> members = [];
        HashSet<SyntaxTree> files = [];
        foreach (IPropertySymbol property in Properties(type))
        {
            if (property.FindAttribute(AttributeNames.Hyperparameter) is { } hyperparameter)
            {
                hyperparameters.Add(new(PropertyParser.Parse(property), OperationParser.FirstInteger(hyperparameter)));
            }
            else if (Member(property, type, kind) is { } member)
            {
                members.Add(member);
                files.UnionWith(property.DeclaringSyntaxReferences.Select(reference => reference.SyntaxTree));
            }
        }

        AttributeData? network = type.FindAttribute("NetworkAttribute");
        return new Declaration(
            kind,
            Class(type, spansFiles: files.Count > 1),
            network is { ConstructorArguments.Length: > 0 } ? network.ConstructorArguments[0].Value as string ?? "" : "",
            network is null ? 0 : OperationParser.Named(network, "InputChannels", 0),
            new(hyperparameters),
            new(members));
    }

    private static IEnumerable<IPropertySymbol> Properties(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IPropertySymbol>().Where(p => p.PartialDefinitionPart is null);

    // A property belongs to the declaration if its type or one of its attributes says so: a forgotten
    // attribute and a wrong type both deserve a message.
    private static DeclaredMember? Member(IPropertySymbol property, INamedTypeSymbol type, DeclarationKind kind)
    {
        List<DeclaredOperation> operations = [];
        var attributes = property.GetAttributes();
        for (int i = 0; i < attributes.Length; i++)
        {
            if (OperationParser.Parse(attributes[i], i, type) is { } operation)
            {
                operations.Add(operation);
            }
        }

        bool declared = property.Type is INamedTypeSymbol memberType
            && memberType.Name == MemberType(kind)
            && memberType.IsIn(AttributeNames.Namespace)
            && property.IsPartialDefinition;
        return operations.Count > 0 || declared ? new DeclaredMember(PropertyParser.Parse(property), new(operations)) : null;
    }

    /// <summary>The type of the properties that name a declaration's parts.</summary>
    public static string MemberType(DeclarationKind kind) => kind == DeclarationKind.Network ? "Segment" : "Layers";

    private static DeclaredClass Class(INamedTypeSymbol type, bool spansFiles)
    {
        bool isPartial = type.DeclaringSyntaxReferences
            .Select(reference => reference.GetSyntax())
            .OfType<TypeDeclarationSyntax>()
            .All(declaration => declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
        string? obstacle =
            type.IsStatic ? "is static"
            : type.IsAbstract ? "is abstract"
            : type.IsRecord ? "is a record"
            : type.IsGenericType ? "is generic"
            : type.ContainingType is not null ? $"is nested in {type.ContainingType.Name}"
            : type.BaseType is { SpecialType: not SpecialType.System_Object } other && !other.IsIn(AttributeNames.Namespace) ? $"already derives from {other.Name}"
            : type.InstanceConstructors.Any(c => !c.IsImplicitlyDeclared && !c.IsGenerated()) ? "has a constructor of its own"
            : null;
        return new DeclaredClass(
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            type.Name,
            Header(type),
            type.Summary(),
            isPartial,
            obstacle,
            IsNested: type.ContainingType is not null,
            spansFiles);
    }

    private static string Header(INamedTypeSymbol type)
    {
        string parameters = type.IsGenericType ? $"<{string.Join(", ", type.TypeParameters.Select(p => p.Name))}>" : "";
        return $"partial {(type.IsRecord ? "record" : "class")} {type.Name}{parameters}";
    }
}
