using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Validation;

/// <summary>
/// Rules for spatial sizes, tried out for every input size up to a limit, with hyperparameters at their defaults: sizes that
/// fit no input are a mistake; those that fit some are left to the forward call, which says which.
/// </summary>
internal static class SizeRules
{
    // As in core/Reversible's NetworkSizes.
    private const int Longest = NumberRule.LongestEdge;

    /// <param name="declared">The network.</param>
    /// <param name="doubts">What breaks a rule already: nobody knows its sizes, nor those behind it.</param>
    public static IEnumerable<Finding> Check(NetworkModel declared, Doubts doubts)
    {
        if (declared.Inputs.Count != 1)
        {
            yield break; // sizes of different inputs need not be equal: the forward call judges
        }

        NetworkModel network = declared with { Segments = new(Known(declared, doubts)) };

        string? deepest = null;
        Finding? unequal = null;
        int furthest = -1;
        for (int size = 1; size <= Longest; size++)
        {
            if (Follow(network, size) is not { } stop)
            {
                yield break;
            }

            if (stop.Segment > furthest || (stop.Segment == furthest && unequal is null))
            {
                furthest = stop.Segment;
                deepest = network.Segments[stop.Segment].Name;
                unequal = stop.Unequal;
            }
        }

        yield return unequal ?? new(Rules.NothingFits, new(deepest), Longest, deepest!);
    }

    private static IEnumerable<SegmentModel> Known(NetworkModel network, Doubts doubts)
    {
        HashSet<string> known = [network.Inputs[0].Name];
        foreach (SegmentModel segment in network.Segments.Where(segment => segment.Sources.Count > 0 && segment.Sources.All(known.Contains) && !doubts.Of(segment.Name)))
        {
            known.Add(segment.Name);
            yield return segment;
        }
    }

    // The first segment that an input of a size does not fit; null if all do, or if a size is not known.
    private static (int Segment, Finding? Unequal)? Follow(NetworkModel network, int size)
    {
        Dictionary<string, long> sizes = new(StringComparer.Ordinal) { [network.Inputs[0].Name] = size };
        for (int i = 0; i < network.Segments.Count; i++)
        {
            SegmentModel segment = network.Segments[i];
            List<long> joined = [.. segment.Sources.Select(source => sizes[source])];
            if (joined.Distinct().Skip(1).Any())
            {
                return (i, new(
                    Rules.UnequalSizes,
                    new(segment.Name, segment.Member.Wiring.Sources[0].AttributeIndex),
                    segment.Name,
                    string.Join(" and ", segment.Sources),
                    size,
                    string.Join(" and ", joined)));
            }

            long edge = joined[0];
            if (segment is StackModel stack && edge < stack.Smallest)
            {
                return (i, null);
            }

            foreach (OperationModel operation in segment is LayersModel layers ? layers.Operations : default)
            {
                if (operation.Kind.Step(operation) is { } step)
                {
                    if (step.OutputSize is null)
                    {
                        return null;
                    }

                    edge = step.OutputSize(edge);
                }

                if (edge <= 0)
                {
                    return (i, null);
                }
            }

            sizes[segment.Name] = edge;
        }

        return null;
    }
}
