using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Validation;

/// <summary>Rules for what segments read and how their outputs are used.</summary>
internal static class WiringRules
{
    /// <summary>The names that are read.</summary>
    public static IEnumerable<Finding> Check(Declaration declaration)
    {
        if (declaration.Kind == DeclarationKind.ResidualFunction)
        {
            foreach (Finding finding in declaration.Members.SelectMany(InFunction))
            {
                yield return finding;
            }

            yield break;
        }

        // Without any input the rule for the class says so.
        bool hasOwnInputs = declaration.InputChannels is null && declaration.Members.Any(member => member.IsInput);
        List<string> above = hasOwnInputs ? [] : [ModelBuilder.DefaultInput];
        List<string> all = [.. above, .. declaration.Members.Select(member => member.Name)];
        foreach (DeclaredMember member in declaration.Members)
        {
            foreach (Finding finding in CheckPlace(member, declaration).Concat(CheckStrategy(member)))
            {
                yield return finding;
            }

            foreach (DeclaredSources sources in member.IsInput ? default : member.Wiring.Sources)
            {
                foreach (Finding finding in CheckSources(member, sources, above, all))
                {
                    yield return finding;
                }
            }

            if (member.Wiring.Sources.Count == 0 && !member.IsInput && above.Count == 0)
            {
                yield return new(Rules.UnknownSegment, new(member.Name), member.Name, ModelBuilder.DefaultInput, "no input stands above it; declare [Network(…, InputChannels = …)] or move an [Input(…)] above it");
            }

            above.Add(member.Name);
        }
    }

    /// <summary>Every output has a reader.</summary>
    public static IEnumerable<Finding> CheckReaders(NetworkModel network)
    {
        HashSet<string> read = [.. network.Segments.SelectMany(segment => segment.Sources)];
        foreach (SegmentModel segment in network.Segments.Where(segment => !segment.IsOutput && !read.Contains(segment.Name)))
        {
            yield return new(Rules.NeverRead, new(segment.Name), segment.Name);
        }

        foreach (InputModel input in network.Inputs.Where(input => !read.Contains(input.Name)))
        {
            yield return new(Rules.NeverRead, input.Member is null ? new(AttributeIndex: 0, Argument: "InputChannels") : new(input.Name), input.Name);
        }
    }

    private static IEnumerable<Finding> CheckPlace(DeclaredMember member, Declaration declaration)
    {
        DeclaredWiring wiring = member.Wiring;
        if (declaration.Elongation is null)
        {
            foreach (DeclaredPlacement placement in wiring.Placement)
            {
                yield return new(Rules.Misplaced, new(member.Name, placement.AttributeIndex), placement.IsBefore ? "Before" : "After", member.Name, "only segments of a class marked [Elongate<…>(…)] are placed; here their order is that of the source");
            }
        }

        if (member.IsInput)
        {
            foreach ((int index, string attribute) in Attributes(wiring))
            {
                yield return new(Rules.Misplaced, new(member.Name, index), attribute, member.Name, "an input reads nothing, does nothing and is no output");
            }

            if (declaration.Elongation is not null && !member.Property.IsTakenOver)
            {
                yield return new(Rules.Misplaced, new(member.Name, member.Operations.First(o => o.Attribute == "Input").AttributeIndex), "Input", member.Name, "an elongated network has the inputs of the one that it elongates");
            }
        }
    }

    private static IEnumerable<Finding> InFunction(DeclaredMember member) =>
        Attributes(member.Wiring)
            .Concat(member.Wiring.Placement.Select(p => (p.AttributeIndex, p.IsBefore ? "Before" : "After")))
            .Select(found => new Finding(Rules.Misplaced, new(member.Name, found.Item1), found.Item2, member.Name, "the layers of a residual function run one after the other, as parts of its stack"));

    private static IEnumerable<(int Index, string Attribute)> Attributes(DeclaredWiring wiring)
    {
        foreach (DeclaredSources sources in wiring.Sources)
        {
            yield return (sources.AttributeIndex, sources.Attribute);
        }

        if (wiring.Output is { } output)
        {
            yield return (output, "Output");
        }

        if (wiring.Strategy is { } strategy)
        {
            yield return (strategy.AttributeIndex, "Backpropagate");
        }
    }

    private static IEnumerable<Finding> CheckStrategy(DeclaredMember member)
    {
        if (member.Wiring.Strategy is not { } strategy || member.Property.IsTakenOver || member.IsInput)
        {
            yield break;
        }

        bool isStack = member.Operations.Any(o => o.Attribute == "Stack");
        bool isRearrangement = member.Operations.All(o => Vocabulary.LayerKinds.Find(o.Attribute) is { IsRearrangement: true });
        string? reason =
            strategy.Strategy.Length == 0 ? "SegmentStrategy has no such value; write Store, Recompute or Reverse"
            : isRearrangement ? "it only moves numbers and keeps nothing anyway; remove the attribute"
            : strategy.Strategy == "Reverse" && !isStack ? "layers can't be inverted; write Store or Recompute, or make it a stack"
            : null;
        if (reason is not null)
        {
            yield return new(Rules.ImpossibleStrategy, new(member.Name, strategy.AttributeIndex), member.Name, strategy.Strategy, reason);
        }
    }

    private static IEnumerable<Finding> CheckSources(DeclaredMember member, DeclaredSources sources, List<string> above, List<string> all)
    {
        var target = new FindingTarget(member.Name, sources.AttributeIndex);
        if (sources != member.Wiring.Sources[0])
        {
            yield return new(Rules.Misplaced, target, sources.Attribute, member.Name, $"[{member.Wiring.Sources[0].Attribute}] says already what it reads");
            yield break;
        }

        foreach (string name in sources.Names.Where(name => !above.Contains(name)).Distinct())
        {
            string reason =
                name == member.Name ? "a segment can't read itself"
                : all.Contains(name) ? "it stands below, and reading it would be a cycle; move it above"
                : $"there is no such segment; above it are {(above.Count == 0 ? "none" : string.Join(", ", above))}";
            yield return new(Rules.UnknownSegment, target, member.Name, name, reason);
        }

        string? twin = sources.Names.GroupBy(name => name).FirstOrDefault(names => names.Count() > 1)?.Key;
        if (sources.Attribute != "From" && (sources.Names.Count < 2 || twin is not null))
        {
            yield return new(Rules.JoinsTooFew, target, sources.Attribute, member.Name, twin is not null ? $"names {twin} more than once" : $"names {sources.Names.Count}");
        }
    }
}
