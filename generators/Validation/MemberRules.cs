using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Validation;

/// <summary>Rules for the form of properties and for which attributes stand on which.</summary>
internal static class MemberRules
{
    public static IEnumerable<Finding> Check(Declaration declaration)
    {
        string type = DeclarationParser.MemberType(declaration.Kind);
        foreach (DeclaredHyperparameter hyperparameter in declaration.Hyperparameters.Where(h => !h.Property.IsTakenOver))
        {
            foreach (Finding finding in CheckProperty(hyperparameter.Property, "int"))
            {
                yield return finding;
            }

            foreach (DeclaredOperation stray in hyperparameter.Strays)
            {
                yield return new(Rules.Misplaced, new(hyperparameter.Property.Name, stray.AttributeIndex), stray.Attribute, hyperparameter.Property.Name, "a hyperparameter is a number and does nothing");
            }

            if (declaration.Kind == DeclarationKind.ResidualFunction)
            {
                yield return new(Rules.Misplaced, new(hyperparameter.Property.Name), "Hyperparameter", hyperparameter.Property.Name, "a residual function follows its stack; hyperparameters belong to networks");
            }
        }

        foreach (DeclaredMember member in declaration.Members.Where(m => !m.Property.IsTakenOver))
        {
            foreach (Finding finding in CheckProperty(member.Property, type).Concat(CheckOperations(member, declaration)))
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<Finding> CheckProperty(DeclaredProperty property, string type)
    {
        var target = new FindingTarget(property.Name);
        if (property.Obstacle is { } obstacle)
        {
            yield return new(Rules.UnsupportedProperty, target, property.Name, obstacle, type);
        }
        else if (property.Type != type)
        {
            yield return new(Rules.UnsupportedProperty, target, property.Name, $"its type is {property.Type}", type);
        }
    }

    private static IEnumerable<Finding> CheckOperations(DeclaredMember member, Declaration declaration)
    {
        bool isFunction = declaration.Kind == DeclarationKind.ResidualFunction;
        string name = member.Name;
        if (member.Operations.Count == 0 && member.Unknown.Count == 0 && !member.Wiring.Sources.Any(s => s.Attribute != "From"))
        {
            yield return new(Rules.NoOperations, new(name), name);
        }

        foreach (DeclaredOperation unknown in member.Unknown)
        {
            yield return new(Rules.UnknownAttribute, new(name, unknown.AttributeIndex), unknown.Attribute, name);
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
