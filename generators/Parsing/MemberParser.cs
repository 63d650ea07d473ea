using Iqt.Generators.Vocabulary;
using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Parsing;

/// <summary>Reads the attributes of a segment or of a group of layers.</summary>
internal static class MemberParser
{
    /// <summary>The member that a property declares, or null if it is none.</summary>
    public static DeclaredMember? Parse(IPropertySymbol property, INamedTypeSymbol type, DeclarationKind kind)
    {
        List<DeclaredOperation> operations = [];
        List<DeclaredOperation> unknown = [];
        List<DeclaredSources> sources = [];
        List<DeclaredPlacement> placement = [];
        DeclaredStrategy? strategy = null;
        int? output = null;
        bool isWired = false;
        var attributes = property.GetAttributes();
        for (int i = 0; i < attributes.Length; i++)
        {
            if (attributes[i].AttributeClass is not { } attribute)
            {
                continue;
            }

            string name = attribute.Name.EndsWith("Attribute", StringComparison.Ordinal) ? attribute.Name.Substring(0, attribute.Name.Length - "Attribute".Length) : attribute.Name;
            if (!attribute.IsIn(AttributeNames.Namespace))
            {
                // A layer's name in another namespace: left out silently, the layer would be missed by nobody.
                if (LayerKinds.Find(name) is not null)
                {
                    unknown.Add(new(i, $"{attribute.ContainingNamespace.ToDisplayString()}.{name}", default, default));
                }

                continue;
            }

            isWired |= IsWiring(name) || IsOperation(name);
            switch (name)
            {
                case "From" or "Concat" or "Sum":
                    sources.Add(new(i, name, ArgumentParser.Texts(attributes[i])));
                    break;
                case "Before" or "After":
                    placement.Add(new(i, name == "Before", ArgumentParser.Texts(attributes[i]).FirstOrDefault() ?? ""));
                    break;
                case "Output":
                    output = i;
                    break;
                case "Backpropagate":
                    strategy = new(i, Strategy(attributes[i]));
                    break;
                case var operation when IsOperation(operation):
                    operations.Add(new(i, name, ArgumentParser.Parse(attributes[i]), new(attribute.TypeArguments.Select(argument => TypeParser.Parse(argument, type, kind)))));
                    break;
                default:
                    unknown.Add(new(i, name, default, default));
                    break;
            }
        }

        // A property belongs to the declaration if its type or one of its attributes says so: a forgotten attribute and a
        // wrong type both deserve a message.
        bool declared = property.Type is INamedTypeSymbol memberType
            && memberType.Name == DeclarationParser.MemberType(kind)
            && memberType.IsIn(AttributeNames.Namespace)
            && property.IsPartialDefinition;
        return isWired || declared
            ? new DeclaredMember(PropertyParser.Parse(property), new(operations), new DeclaredWiring(new(sources), output, strategy, new(placement)), new(unknown))
            : null;
    }

    private static bool IsWiring(string attribute) => attribute is "From" or "Concat" or "Sum" or "Before" or "After" or "Output" or "Backpropagate";

    private static bool IsOperation(string attribute) => attribute is "Stack" or "Input" || LayerKinds.Find(attribute) is not null;

    private static string Strategy(AttributeData attribute)
    {
        TypedConstant value = attribute.ConstructorArguments.FirstOrDefault();
        return value.Type?.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value.Value))?.Name ?? "";
    }
}
