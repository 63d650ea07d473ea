using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Validation;

/// <summary>Rules for channels where segments meet; what nobody knows before the network is built is checked then.</summary>
internal static class ChannelRules
{
    public static IEnumerable<Finding> Check(NetworkModel network)
    {
        Dictionary<string, Count> channels = network.Inputs.ToDictionary(input => input.Name, input => input.Channels);
        foreach (SegmentModel segment in network.Segments)
        {
            if (segment.Junction == "Sum" && segment.Sources.Select(source => channels[source].Value).OfType<long>().Distinct().Skip(1).Any())
            {
                int index = segment.Member.Wiring.Sources[0].AttributeIndex;
                yield return new(Rules.UnequalChannels, new(segment.Name, index), segment.Name, string.Join(" and ", segment.Sources.Select(source => $"{source} ({channels[source].Told} channels)")));
            }

            if (segment.Junction == "Concat" && segment.Input.Value > NumberRule.MostChannels)
            {
                yield return new(Rules.OutOfRange, new(segment.Name, segment.Member.Wiring.Sources[0].AttributeIndex), $"The number of channels that {segment.Name} reads", segment.Input.Told, $"at most {NumberRule.MostChannels}");
            }

            if (segment is StackModel stack)
            {
                foreach (Finding finding in CheckStack(stack))
                {
                    yield return finding;
                }
            }

            channels[segment.Name] = segment.Output;
        }
    }

    private static IEnumerable<Finding> CheckStack(StackModel stack)
    {
        var target = new FindingTarget(stack.Name, stack.Declared.AttributeIndex);
        if (stack.Input.Value is { } channels && channels % 2 != 0)
        {
            string source = stack.Sources.Count == 1 && stack.Sources[0] == ModelBuilder.DefaultInput ? "the network's input" : string.Join(" and ", stack.Sources);
            yield return new(Rules.OddChannels, target, stack.Name, stack.Input.Told, source);
            yield break;
        }

        foreach (DeclaredType function in stack.Declared.Types.Distinct())
        {
            if (LayerRules.NotDivisible(new($"Residual function {function.Name} works on half of the channels and so", stack.Input, Count.Literal(2 * function.Shape.Multiple)), target) is { } finding)
            {
                yield return finding;
            }
        }
    }
}
