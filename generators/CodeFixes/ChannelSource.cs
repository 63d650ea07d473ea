using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iqt.Generators.CodeFixes;

/// <summary>Finds the argument that gives the channels coming into a segment.</summary>
internal static class ChannelSource
{
    private const string Declarations = "Iqt.Reversible";

    // Operations that leave the number of channels as it is, by the beginnings of their names. A test holds the list against
    // LayerKind.Output, which an assembly that editors load without the generator can't ask.
    private static readonly string[] KeepingChannels =
        ["BatchNorm", "InstanceNorm", "GroupNorm", "Relu", "LeakyRelu", "PRelu", "Elu", "Gelu", "Silu", "Sigmoid", "Softmax", "Softsign", "Mish", "Dropout", "MaxPool", "AvgPool", "GlobalAvgPool", "PermuteChannels", "Upsample", "From"];

    /// <summary>Whether as many channels go out of a layer as come in, by its attribute's name without the ending.</summary>
    internal static bool KeepsChannels(string attribute) => KeepingChannels.Any(name => attribute.StartsWith(name, StringComparison.Ordinal));

    /// <summary>The argument, or null where no single one gives them.</summary>
    public static AttributeArgumentSyntax? Find(PropertyDeclarationSyntax segment, SemanticModel model)
    {
        // Against a declaration whose segments read each other in a circle.
        HashSet<PropertyDeclarationSyntax> seen = [];
        for (PropertyDeclarationSyntax? at = Input(segment, model); at is not null && seen.Add(at); at = Input(at, model))
        {
            foreach (AttributeSyntax operation in at.AttributeLists.SelectMany(l => l.Attributes).Reverse())
            {
                if (Name(operation, model) is not { } name)
                {
                    continue; // someone else's attribute
                }

                if (name.StartsWith("Conv", StringComparison.Ordinal))
                {
                    return operation.FirstPositional() is { } channels ? Resolve(channels, segment, model) : null;
                }

                if (!name.StartsWith("Stack", StringComparison.Ordinal) && !KeepsChannels(name))
                {
                    return null;
                }
            }
        }

        return null;
    }

    // The segment that [From] names, else the one above; null for the network's input and for several.
    private static PropertyDeclarationSyntax? Input(PropertyDeclarationSyntax segment, SemanticModel model)
    {
        foreach (AttributeSyntax attribute in segment.AttributeLists.SelectMany(l => l.Attributes))
        {
            switch (Name(attribute, model))
            {
                case "From" when attribute.FirstPositional() is { } source:
                    return model.GetConstantValue(source.Expression).Value is string name ? Property(segment, name) : null;
                case "Concat" or "Sum":
                    return null;
                default:
                    break;
            }
        }

        return Siblings(segment).TakeWhile(p => p != segment).LastOrDefault(p => model.GetTypeInfo(p.Type).Type?.Name == "Segment");
    }

    // An argument that is a number, or the default of the hyperparameter that it names.
    private static AttributeArgumentSyntax? Resolve(AttributeArgumentSyntax channels, PropertyDeclarationSyntax segment, SemanticModel model) =>
        model.GetConstantValue(channels.Expression).Value is not string name ? channels
        : Property(segment, name)?.AttributeLists.SelectMany(l => l.Attributes).FirstOrDefault(a => Name(a, model) == "Hyperparameter")?.FirstPositional();

    private static PropertyDeclarationSyntax? Property(PropertyDeclarationSyntax segment, string name) =>
        Siblings(segment).FirstOrDefault(p => p.Identifier.ValueText == name);

    private static IEnumerable<PropertyDeclarationSyntax> Siblings(PropertyDeclarationSyntax segment) =>
        ((TypeDeclarationSyntax)segment.Parent!).Members.OfType<PropertyDeclarationSyntax>();

    // Without the ending "Attribute"; null for attributes that are not Iqt's.
    private static string? Name(AttributeSyntax attribute, SemanticModel model) =>
        model.GetSymbolInfo(attribute).Symbol?.ContainingType is { } type && type.ContainingNamespace.ToDisplayString() == Declarations
            ? type.Name.Substring(0, type.Name.Length - "Attribute".Length)
            : null;
}
