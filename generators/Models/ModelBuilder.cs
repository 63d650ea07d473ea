using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Models;

/// <summary>
/// Works out channels, names and wiring of a declaration. Never fails: what can't be resolved becomes a number that nobody
/// knows, and the rules say why.
/// </summary>
internal static class ModelBuilder
{
    /// <summary>The name of the input that [Network] declares.</summary>
    public const string DefaultInput = "Input";

    /// <param name="declaration">As written.</param>
    /// <param name="doubts">What it can't be relied on for.</param>
    public static NetworkModel Network(Declaration declaration, Doubts doubts)
    {
        Count Resolve(Setting setting) => Resolved(setting, declaration.Hyperparameters, doubts);
        var chain = new OperationChain(Resolve, declaration.Dimensions, doubts);
        List<InputModel> inputs = [];
        List<SegmentModel> segments = [];
        Dictionary<string, Count> channels = new(StringComparer.Ordinal);
        string above = DefaultInput;
        if (declaration.InputChannels is { } declared)
        {
            inputs.Add(new(DefaultInput, doubts.OfInputChannels ? Count.Unknown : Resolve(declared), null));
            channels[DefaultInput] = inputs[0].Channels;
        }

        string? last = declaration.Members.LastOrDefault(member => !member.IsInput)?.Name;
        foreach (DeclaredMember member in declaration.Members)
        {
            if (member.IsInput)
            {
                DeclaredOperation input = member.Operations.First(o => o.Attribute == "Input");
                Count given = !doubts.OfChannels(member, input) && input.Find("channels") is { } setting ? Resolve(setting) : Count.Unknown;
                inputs.Add(new(member.Name, given, member));
                channels[member.Name] = given;
            }
            else
            {
                segments.Add(Segment(member, above, channels, chain, Resolve, member.Wiring.IsOutput || member.Name == last, doubts));
                channels[member.Name] = segments[segments.Count - 1].Output;
            }

            above = member.Name;
        }

        return new NetworkModel(declaration, new(declaration.Hyperparameters.Select(h => Hyperparameter(h, declaration))), new(inputs), new(segments));
    }

    /// <param name="declaration">As written.</param>
    /// <param name="doubts">What it can't be relied on for.</param>
    public static ResidualFunctionModel ResidualFunction(Declaration declaration, Doubts doubts)
    {
        int dimensions = declaration.Members
            .SelectMany(member => member.Operations)
            .Select(operation => LayerKinds.Find(operation.Attribute)?.Dimensions)
            .FirstOrDefault(found => found is not null) ?? 3;
        var chain = new OperationChain(setting => Resolved(setting, declaration.Hyperparameters, doubts), dimensions, doubts, Count.FunctionChannels);
        List<LayersModel> groups = [];
        Count channels = Count.FunctionChannels;
        foreach (DeclaredMember member in declaration.Members)
        {
            groups.Add(new LayersModel(member, default, "None", channels, false, chain.Build(member, channels)));
            channels = groups[groups.Count - 1].Output;
        }

        return new ResidualFunctionModel(declaration, dimensions, new(groups));
    }

    private static SegmentModel Segment(
        DeclaredMember member, string above, Dictionary<string, Count> channels, OperationChain chain, Func<Setting, Count> resolve, bool isOutput, Doubts doubts)
    {
        DeclaredSources? wired = member.Wiring.Sources.FirstOrDefault();
        EquatableArray<string> sources = wired is null ? new([above]) : wired.Names;
        string junction = wired is { Attribute: "Concat" or "Sum" } ? wired.Attribute : "None";
        List<Count> given = [.. sources.Select(source => channels.TryGetValue(source, out Count found) ? found : Count.Unknown)];
        Count input = wired is not null && doubts.Of(member, wired.AttributeIndex) ? Count.Unknown : Joined(given, junction);
        return member.Operations.FirstOrDefault(o => o.Attribute == "Stack") is { Types.Count: > 0 } stack
            ? new StackModel(member, sources, junction, doubts.OfChannels(member, stack) ? Count.Unknown : input, isOutput, stack, stack.Find("blocks") is { } blocks ? resolve(blocks) : Count.Literal(0))
            : new LayersModel(member, sources, junction, input, isOutput, chain.Build(member, input));
    }

    // Summands that differ break a rule.
    private static Count Joined(List<Count> given, string junction) =>
        given.Count == 0 ? Count.Unknown
        : junction == "Concat" ? given.Aggregate((sum, next) => sum.Plus(next))
        : given.Select(count => count.Value).OfType<long>().Distinct().Skip(1).Any() ? Count.Unknown
        : given[0];

    private static Count Resolved(Setting setting, IEnumerable<DeclaredHyperparameter> hyperparameters, Doubts doubts)
    {
        if (setting.Number is { } number)
        {
            return Count.Literal(number);
        }

        DeclaredHyperparameter? found = hyperparameters.FirstOrDefault(h => h.Property.Name == setting.Hyperparameter);
        return found is null || doubts.Of(found.Property.Name) ? Count.Unknown : new Count(found.Property.Identifier, found.Default, false);
    }

    // Numbers of blocks and paddings may be 0, most others count from 1.
    private static HyperparameterModel Hyperparameter(DeclaredHyperparameter hyperparameter, Declaration declaration)
    {
        string name = hyperparameter.Property.Name;
        int least = declaration.Members
            .SelectMany(member => member.Operations)
            .SelectMany(NumberRule.Of)
            .Where(rule => rule.Setting.Hyperparameter == name)
            .Select(rule => rule.Minimum)
            .DefaultIfEmpty(0)
            .Max();
        return new HyperparameterModel(hyperparameter.Property, hyperparameter.Default, declaration.InputChannels?.Hyperparameter == name ? Math.Max(least, 1) : least);
    }
}
