using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Validation;

/// <summary>Rules for single layers, in networks and residual functions alike.</summary>
internal static class LayerRules
{
    public static IEnumerable<Finding> Check(IEnumerable<LayersModel> members, int dimensions, string owner, Doubts doubts) =>
        members.SelectMany(member => member.Operations
            .Where(operation => !doubts.Of(member.Member, operation.AttributeIndex))
            .SelectMany(operation => Check(member, operation, dimensions, owner)));

    /// <summary>What is wrong with channels that have to be a multiple of something; null if nothing is, or nobody knows.</summary>
    public static Finding? NotDivisible(DivisorRule rule, FindingTarget target)
    {
        if (!rule.IsBroken)
        {
            return null;
        }

        long channels = rule.Channels.Value!.Value, divisor = rule.Divisor.Value!.Value;
        long below = channels / divisor * divisor;
        return new(Rules.NotDivisible, target, rule.What, divisor, target.Member!, rule.Channels.Told, Math.Max(below, divisor), below + (below == 0 ? 2 : 1) * divisor);
    }

    private static IEnumerable<Finding> Check(LayersModel member, OperationModel operation, int dimensions, string owner)
    {
        var target = new FindingTarget(member.Name, operation.AttributeIndex);
        if (operation.Kind.Dimensions is { } wanted && wanted != dimensions)
        {
            string other = operation.Kind.Attribute.Replace($"{wanted}d", $"{dimensions}d");
            yield return new(Rules.WrongDimensions, target, $"[{operation.Kind.Attribute}]", member.Name, wanted, owner, dimensions, $"[{other}(…)]");
        }

        bool isConvolution = operation.Kind.ModuleName == "conv";
        if (owner == "network" && isConvolution && operation.Declared.Find("channels") is null)
        {
            yield return new(Rules.NoChannels, target, member.Name, operation.Kind.Attribute);
        }

        if (operation.Kind.Attribute == "Layer" && ModuleFault(operation) is { } fault)
        {
            yield return new(Rules.UnsuitableModule, target, operation.Declared.Types.FirstOrDefault()?.Name ?? "Layer", member.Name, fault);
        }

        foreach (LimitRule limit in operation.Kind.Limits(operation))
        {
            if (limit.Value.Value > limit.Maximum)
            {
                yield return new(Rules.OutOfRange, target with { Argument = limit.Argument }, $"{limit.Argument} of {member.Name}", limit.Value.Told, limit.Words);
            }
        }

        foreach (DivisorRule rule in operation.Kind.Divisors(operation))
        {
            if (NotDivisible(rule, target with { Argument = rule.Whose }) is { } finding)
            {
                yield return finding;
                yield break; // the output of a convolution in groups often has the same channels
            }
        }

        if (operation.Output.Value > NumberRule.MostChannels && !(operation.Input.Value > NumberRule.MostChannels) && operation.Declared.Find("channels") is null)
        {
            yield return new(Rules.OutOfRange, target, $"The number of channels that {member.Name} makes", operation.Output.Told, $"at most {NumberRule.MostChannels}");
        }
    }

    /// <summary>Of a module that an elongated network takes over from another assembly.</summary>
    public static string Hidden(string assembly) =>
        $"it or its constructor is internal to {assembly}, where the elongated network comes from (or name this assembly there in an InternalsVisibleTo)";

    private static string? ModuleFault(OperationModel operation) => operation.Declared.Types.FirstOrDefault() switch
    {
        null => "it names no type",
        { Role: TypeRole.Broken } => null,
        { Role: TypeRole.ResidualFunction } => "it is a residual function, which belongs into a stack",
        { Role: TypeRole.Network } => "it is a declared network: write a module of your own that holds one",
        { Role: TypeRole.Other } => "it does not derive from nn.Module<Tensor, Tensor>",
        { HiddenIn: { } assembly } => Hidden(assembly),
        { Constructor: null } => "no public constructor takes only parameters that are known",
        { Constructor: { } c } when operation.Output != operation.Input && operation.Input != Count.Unknown && !c.Contains("outputChannels") => $"it is to make {operation.Output.Told} channels of {operation.Input.Told}, and its constructor takes no 'outputChannels'",
        _ => null,
    };
}
