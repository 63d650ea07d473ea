namespace Iqt.Reversible;

/// <summary>Edge lengths along one axis of every activation of a network, worked out from its declaration.</summary>
public sealed class NetworkSizes
{
    internal const long LongestSearched = 4096;
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);

    /// <summary>Follows the sizes through the segments.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputSizes">An edge for each input.</param>
    public NetworkSizes(Network network, IReadOnlyList<long> inputSizes)
    {
        for (int i = 0; i < inputSizes.Count; i++)
        {
            _sizes[network.Inputs[i].Name] = inputSizes[i];
        }

        foreach (Segment segment in network.Segments)
        {
            Misfit = Follow(segment);
            if (Misfit is not null)
            {
                return;
            }
        }
    }

    /// <summary>What does not fit, as a clause with the segment's name; null if everything does.</summary>
    public string? Misfit { get; }

    /// <summary>The edge of a segment's output, or of an input; throws behind a misfit.</summary>
    public long this[string name] => _sizes[name];

    /// <summary>The edge of the last output for inputs of one edge; 0 if that does not fit.</summary>
    internal static long Output(Network network, long size)
    {
        var sizes = new NetworkSizes(network, [.. network.Inputs.Select(_ => size)]);
        return sizes.Misfit is null ? sizes[network.Segments[^1].Name] : 0;
    }

    /// <summary>The nearest sizes that fit, for equal inputs: the next shorter and the next longer one, as far as there are any.</summary>
    public static IReadOnlyList<long> Near(Network network, long size) =>
        Near(size, candidate => Output(network, candidate) > 0);

    /// <summary>The same for one of several inputs, where the others stay as they are.</summary>
    public static IReadOnlyList<long> Near(Network network, IReadOnlyList<long> sizes, int input) =>
        Near(sizes[input], candidate => new NetworkSizes(network, [.. sizes.Select((size, i) => i == input ? candidate : size)]).Misfit is null);

    /// <summary>
    /// Edges that fit in the place of some that don't, as a clause: for equal inputs the nearest equal ones; else, since nobody
    /// can say which of the inputs is wrong, what each would have to be beside the others. Empty if nothing fits.
    /// </summary>
    public static string Remedy(Network network, IReadOnlyList<long> sizes)
    {
        IReadOnlyList<long> near = sizes.Distinct().Count() == 1 ? Near(network, sizes[0]) : [];
        if (near.Count > 0)
        {
            return $"edges of {string.Join(" or ", near)} voxels fit";
        }

        List<string> remedies = [];
        for (int i = 0; i < sizes.Count; i++)
        {
            IReadOnlyList<long> fitting = Near(network, sizes, i);
            if (fitting.Count > 0)
            {
                remedies.Add($"{network.Inputs[i].Name} with edges of {string.Join(" or ", fitting)} voxels");
            }
        }

        return remedies.Count == 0 ? "" : $"beside the others {string.Join(", or ", remedies)} would fit";
    }

    /// <summary>
    /// Small edges that fit, one for each input: large enough that padding and border are not all there is, where that costs
    /// little.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing fits.</exception>
    public static IReadOnlyList<long> Small(Network network)
    {
        // A single voxel is nothing to normalise over; networks that never leave more than one have to do with it.
        foreach ((long largest, bool isRoomy) in new[] { (16L, true), (64, true), (16, false), (64, false), (LongestSearched, false) })
        {
            if (network.Inputs.Count > 1 && largest == LongestSearched)
            {
                break;
            }

            List<long[]> fitting = [.. Combinations(network.Inputs.Count, largest).Where(sizes => Fits(network, sizes, isRoomy)).Take(3)];
            if (fitting.Count > 0)
            {
                return fitting.LastOrDefault(sizes => sizes.Sum() <= fitting[0].Sum() + 2 * sizes.Length) ?? fitting[0];
            }
        }

        throw new InvalidOperationException($"No input size was found that fits network {network.NetworkName}.");
    }

    /// <summary>The relation between the edges of a network's inputs, all of one length, and of its last output.</summary>
    /// <exception cref="InvalidOperationException">There is no single one with a whole rate.</exception>
    public static SpatialRelation Relate(Network network) => RelationSearch.Relate(network);

    private static IEnumerable<long[]> Combinations(int count, long largest) =>
        count == 0
            ? [[]]
            : Combinations(count - 1, largest).SelectMany(before => Enumerable.Range(1, (int)largest).Select(size => (long[])[.. before, size]));

    private static bool Fits(Network network, long[] edges, bool isRoomy)
    {
        var sizes = new NetworkSizes(network, edges);
        return sizes.Misfit is null && !(isRoomy && sizes.HasSingleVoxels(network));
    }

    // Whether an activation has one voxel along the edge that a larger input would give more.
    private bool HasSingleVoxels(Network network)
    {
        HashSet<string> collapsed = [];
        foreach (Segment segment in network.Segments)
        {
            if (segment.Sizes.Steps.Any(step => step.Multiplier == 0) || segment.Sources.All(collapsed.Contains))
            {
                collapsed.Add(segment.Name);
            }
            else if (_sizes[segment.Name] == 1)
            {
                return true;
            }
        }

        return false;
    }

    private static long[] Near(long size, Func<long, bool> fits)
    {
        long below = size - 1, above = size + 1;
        while (below >= 1 && !fits(below))
        {
            below--;
        }

        while (above <= LongestSearched && !fits(above))
        {
            above++;
        }

        return [.. new[] { below, above }.Where(found => found >= 1 && found <= LongestSearched)];
    }

    private string? Follow(Segment segment)
    {
        List<long> sizes = [.. segment.Sources.Select(source => _sizes[source])];
        if (sizes.Distinct().Skip(1).Any())
        {
            return $"{segment.Name} joins edges of {string.Join(" and ", segment.Sources.Zip(sizes, (source, size) => $"{size} ({source})"))} voxels";
        }

        long output = segment.Sizes.OutputSize(sizes[0]);
        _sizes[segment.Name] = output;
        return output > 0 ? null : $"{segment.Name} can't take an edge of {sizes[0]} voxels";
    }
}
