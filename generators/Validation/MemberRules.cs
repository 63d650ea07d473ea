using Iqt.Generators.Diagnostics;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Validation;

/// <summary>Rules for the form of properties and for which attributes stand on which.</summary>
internal static class MemberRules
{
    // Members of Network and ResidualFunction that a declared name would hide, and names of generated members.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "Segments", "Hyperparameters", "NetworkName", "InputChannels", "OutputChannels", "Relation", "UpsamplingRate",
        "Margin", "ParameterCount", "Declaration", "Graph", "Run", "RunSegments", "Pass", "Backpropagate", "OutputSize",
        "Groups", "LastConvolution", "Apply", "Dispose", "GetName", "Equals", "GetHashCode", "ToString", "GetType",
    };

    public static IEnumerable<Finding> Check(Declaration declaration)
    {
        string type = DeclarationParser.MemberType(declaration.Kind);
        foreach (DeclaredHyperparameter hyperparameter in declaration.Hyperparameters)
        {
            foreach (Finding finding in CheckProperty(hyperparameter.Property, "Int32", "int", declaration.Kind))
            {
                yield return finding;
            }
        }

        foreach (DeclaredMember member in declaration.Members)
        {
            foreach (Finding finding in CheckProperty(member.Property, type, type, declaration.Kind).Concat(CheckOperations(member, declaration.Kind)))
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<Finding> CheckProperty(DeclaredProperty property, string type, string keyword, DeclarationKind kind)
    {
        var target = new FindingTarget(property.Name);
        if (property.Obstacle is { } obstacle)
        {
            yield return new(Rules.UnsupportedProperty, target, property.Name, obstacle, keyword);
        }
        else if (property.Type != type)
        {
            yield return new(Rules.UnsupportedProperty, target, property.Name, $"its type is {property.Type}", keyword);
        }

        if (Reserved.Contains(property.Name))
        {
            yield return new(Rules.ReservedName, target, property.Name, kind == DeclarationKind.Network ? "network" : "residual function");
        }
    }

    private static IEnumerable<Finding> CheckOperations(DeclaredMember member, DeclarationKind kind)
    {
        string name = member.Property.Name;
        if (member.Operations.Count == 0)
        {
            yield return new(Rules.NoOperations, new(name), name);
        }

        foreach (DeclaredOperation operation in member.Operations)
        {
            var target = new FindingTarget(name, operation.AttributeIndex);
            switch (operation)
            {
                case DeclaredStack when kind == DeclarationKind.ResidualFunction:
                    yield return new(Rules.Misplaced, target, "Stack", name, "a residual function is made of layers; stacks belong to networks");
                    break;
                case DeclaredStack when member.Operations.Count > 1:
                    yield return new(Rules.Misplaced, target, "Stack", name, "a segment is a stack or layers, not both; give each a segment of its own");
                    break;
                case DeclaredStack { IsResidualFunction: false } stack:
                    yield return new(Rules.NotAResidualFunction, target, stack.FunctionName, name);
                    break;
                case DeclaredVoxelShuffle when kind == DeclarationKind.ResidualFunction:
                    yield return new(Rules.Misplaced, target, "VoxelShuffle", name, "a residual function keeps channels and size");
                    break;
                case DeclaredConvolution { Channels: null } when kind == DeclarationKind.Network:
                    yield return new(Rules.NoChannels, target, name);
                    break;
                default:
                    break;
            }
        }
    }
}
