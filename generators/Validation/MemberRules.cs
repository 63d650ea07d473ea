using Iqt.Generators.Diagnostics;
using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Validation;

/// <summary>Rules for the form of properties and for which attributes stand on which.</summary>
internal static class MemberRules
{
    // Members of Network and ResidualFunction (and of nn.Module) that a declared name would hide, and names of generated members.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "Segments", "Inputs", "Hyperparameters", "NetworkName", "Dimensions", "InputChannels", "OutputChannels", "Relation", "UpsamplingRate",
        "Margin", "ParameterCount", "Declaration", "Graph", "Run", "RunSegments", "RunSegment", "InvertSegment", "Inverse", "IsInvertible",
        "Pass", "Backpropagate", "OutputSize", "Call", "OnHalves", "WithoutGraph", "Groups", "LastConvolution", "Apply", "Dispose", "GetName",
        "Equals", "GetHashCode", "ToString", "GetType", "MemberwiseClone", "ReferenceEquals", "Finalize", "InputSlot", "OutputSlot",
    };

    // Names of parameters and locals of generated methods.
    private static readonly HashSet<string> Locals = new(StringComparer.OrdinalIgnoreCase) { "device", "dtype", "execution", "inputs", "values" };

    public static IEnumerable<Finding> Check(Declaration declaration)
    {
        string type = DeclarationParser.MemberType(declaration.Kind);
        foreach (DeclaredHyperparameter hyperparameter in declaration.Hyperparameters.Where(h => !h.Property.IsTakenOver))
        {
            foreach (Finding finding in CheckProperty(hyperparameter.Property, "Int32", "int", declaration))
            {
                yield return finding;
            }

            if (declaration.Kind == DeclarationKind.ResidualFunction)
            {
                yield return new(Rules.Misplaced, new(hyperparameter.Property.Name), "Hyperparameter", hyperparameter.Property.Name, "a residual function follows its stack; hyperparameters belong to networks");
            }
        }

        foreach (DeclaredMember member in declaration.Members.Where(m => !m.Property.IsTakenOver))
        {
            foreach (Finding finding in CheckProperty(member.Property, type, type, declaration).Concat(CheckOperations(member, declaration)))
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<Finding> CheckProperty(DeclaredProperty property, string type, string keyword, Declaration declaration)
    {
        var target = new FindingTarget(property.Name);
        string kind = declaration.Kind == DeclarationKind.Network ? "network" : "residual function";
        if (property.Obstacle is { } obstacle)
        {
            yield return new(Rules.UnsupportedProperty, target, property.Name, obstacle, keyword);
        }
        else if (property.Type != type)
        {
            yield return new(Rules.UnsupportedProperty, target, property.Name, $"its type is {property.Type}", keyword);
        }

        string? taken =
            Reserved.Contains(property.Name) || property.Name == declaration.Class.Name ? $"every {kind} has a member of that name"
            : Locals.Contains(property.Name) ? $"generated code calls something else so"
            : property.Name == Models.ModelBuilder.DefaultInput && declaration is { Kind: DeclarationKind.Network, InputChannels: not null } ? "the input that [Network] declares is called so"
            : declaration.Hyperparameters.Any(h => h.Property.IsTakenOver && h.Property.Name == property.Name)
                || declaration.Members.Any(m => m.Property.IsTakenOver && m.Name == property.Name) ? "the elongated network has a member of that name"
            : Names(declaration).Count(name => string.Equals(name, property.Name, StringComparison.OrdinalIgnoreCase)) > 1 ? "another member's name differs only in upper and lower case"
            : null;
        if (taken is not null)
        {
            yield return new(Rules.ReservedName, target, property.Name, taken);
        }
    }

    private static IEnumerable<string> Names(Declaration declaration) =>
        declaration.Hyperparameters.Select(h => h.Property.Name).Concat(declaration.Members.Select(m => m.Name));

    private static IEnumerable<Finding> CheckOperations(DeclaredMember member, Declaration declaration)
    {
        bool isFunction = declaration.Kind == DeclarationKind.ResidualFunction;
        string name = member.Name;
        if (member.Operations.Count == 0 && !member.Wiring.Sources.Any(s => s.Attribute != "From"))
        {
            yield return new(Rules.NoOperations, new(name), name);
        }

        foreach (DeclaredOperation operation in member.Operations)
        {
            string? reason = operation.Attribute switch
            {
                "Stack" when isFunction => "a residual function is made of layers; stacks belong to networks",
                "Input" when isFunction => "a residual function reads what its stack gives it; inputs belong to networks",
                "Stack" when member.Operations.Count > 1 => "a segment is a stack or layers, not both; give each a segment of its own",
                "Input" when member.Operations.Count > 1 => "an input does nothing; give what follows a segment of its own",
                "Stack" or "Input" => null,
                _ when isFunction && LayerKinds.Find(operation.Attribute) is { IsRearrangement: true } and not PermuteChannelsKind => "a residual function keeps channels and size",
                _ => null,
            };
            if (reason is not null)
            {
                yield return new(Rules.Misplaced, new(name, operation.AttributeIndex), operation.Attribute, name, reason);
            }
        }
    }
}
