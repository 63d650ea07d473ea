using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Validation;

/// <summary>Rules for channels where segments meet; what nobody knows before the network is built is checked then.</summary>
internal static class ChannelRules
{
    /// <param name="network">The network.</param>
    /// <param name="doubts">What breaks a rule already.</param>
    public static IEnumerable<Finding> Check(NetworkModel network, Doubts doubts)
    {
        Dictionary<string, Count> channels = new(StringComparer.Ordinal);
        foreach (InputModel input in network.Inputs)
        {
            channels[input.Name] = input.Channels;
        }

        foreach (SegmentModel segment in network.Segments)
        {
            channels[segment.Name] = segment.Output;
        }

        foreach (SegmentModel segment in network.Segments.Where(segment => segment.Member.Wiring.Sources.All(sources => !doubts.Of(segment.Member, sources.AttributeIndex))))
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
        }
    }

    private static IEnumerable<Finding> CheckStack(StackModel stack)
    {
        var target = new FindingTarget(stack.Name, stack.Declared.AttributeIndex);
        if (stack.HasOddChannels)
        {
            string source = stack.Sources.Count == 1 && stack.Sources[0] == ModelBuilder.DefaultInput ? "the network's input" : string.Join(" and ", stack.Sources);
            yield return new(Rules.OddChannels, target, stack.Name, stack.Input.Told, source);
            yield break;
        }

        foreach (DivisorRule rule in stack.Divisors)
        {
            if (LayerRules.NotDivisible(rule, target) is { } finding)
            {
                yield return finding;
            }
        }
    }
}
