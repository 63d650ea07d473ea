using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Parsing;

/// <summary>Reads the attributes of a segment or of a group of layers.</summary>
internal static class MemberParser
{
    /// <summary>The member that a property declares, or null if it is none.</summary>
    public static DeclaredMember? Parse(IPropertySymbol property, DeclarationKind kind)
    {
        List<DeclaredOperation> operations = [];
        List<DeclaredSources> sources = [];
        List<DeclaredPlacement> placement = [];
        DeclaredStrategy? strategy = null;
        bool isOutput = false, isWired = false;
        var attributes = property.GetAttributes();
        for (int i = 0; i < attributes.Length; i++)
        {
            if (attributes[i].AttributeClass is not { } type || !type.IsIn(AttributeNames.Namespace))
            {
                continue;
            }

            string name = type.Name.EndsWith("Attribute", StringComparison.Ordinal) ? type.Name.Substring(0, type.Name.Length - "Attribute".Length) : type.Name;
            isWired |= name != "Hyperparameter";
            switch (name)
            {
                case "From" or "Concat" or "Sum":
                    sources.Add(new(i, name, ArgumentParser.Texts(attributes[i])));
                    break;
                case "Before" or "After":
                    placement.Add(new(i, name == "Before", ArgumentParser.Texts(attributes[i]).FirstOrDefault() ?? ""));
                    break;
                case "Output":
                    isOutput = true;
                    break;
                case "Backpropagate":
                    strategy = new(i, Strategy(attributes[i]));
                    break;
                case "Hyperparameter" or "Network" or "ResidualFunction":
                    break;
                default:
                    operations.Add(new(i, name, ArgumentParser.Parse(attributes[i]), new(type.TypeArguments.Select(TypeParser.Parse))));
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
            ? new DeclaredMember(PropertyParser.Parse(property), new(operations), new DeclaredWiring(new(sources), isOutput, strategy, new(placement)))
            : null;
    }

    private static string Strategy(AttributeData attribute)
    {
        TypedConstant value = attribute.ConstructorArguments.FirstOrDefault();
        return value.Type?.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value.Value))?.Name ?? "";
    }
}
