namespace Iqt.Reversible;

/// <summary>
/// Finds how the edge of a network's output follows from its inputs', by trying: layers round down, and what holds of two edges
/// need not hold of the next.
/// </summary>
internal static class RelationSearch
{
    // So many intervals between edges that fit: where the roundings of several layers fall together differs from one to the next.
    private const int Tried = 64;

    /// <summary>The relation between the edges of a network's inputs, all of one length, and of its last output.</summary>
    /// <exception cref="InvalidOperationException">There is no single one with a whole rate.</exception>
    public static SpatialRelation Relate(Network network)
    {
        string inputs = network.Inputs.Count == 1 ? "No input size" : "No size that all inputs have";
        if (NetworkSizes.Near(network, 0) is not [var smallest])
        {
            throw new InvalidOperationException($"{inputs} up to {NetworkSizes.LongestSearched} voxels fits network {network.NetworkName}.");
        }

        if (NetworkSizes.Near(network, smallest) is not [.., var next] || next <= smallest)
        {
            throw new InvalidOperationException($"{inputs} up to {NetworkSizes.LongestSearched} voxels but {smallest} fits network {network.NetworkName}: it does not map images to images by one upsampling rate.");
        }

        long interval = next - smallest, last = Math.Min(smallest + Tried * interval, NetworkSizes.LongestSearched);
        List<(long Input, long Output)> fitting = [];
        for (long input = smallest; input <= last; input++)
        {
            if (NetworkSizes.Output(network, input) is > 0 and var output)
            {
                fitting.Add((input, output));
            }
        }

        if (Fault(fitting, interval, last) is { } fault)
        {
            string shown = string.Join(", ", fitting.Take(4).Select(pair => $"{pair.Input} → {pair.Output}"));
            throw new InvalidOperationException($"The output of network {network.NetworkName} {fault} (edges {shown} …): it does not map images to images by one upsampling rate.");
        }

        long rate = (fitting[1].Output - fitting[0].Output) / interval;
        return new SpatialRelation((int)rate, (int)(rate * smallest - fitting[0].Output)) { SmallestInput = smallest, Interval = interval };
    }

    // Why edges and what comes of them follow no single rate, as a clause; null if they do.
    private static string? Fault(List<(long Input, long Output)> fitting, long interval, long last)
    {
        (long Input, long Output) first = fitting[0];
        long growth = fitting[1].Output - first.Output;
        HashSet<long> inputs = [.. fitting.Select(pair => pair.Input)];
        return fitting.All(pair => pair.Output == first.Output) ? "does not grow with its input"
            : fitting.Any(pair => (pair.Output - first.Output) * interval != growth * (pair.Input - first.Input))
                ? "follows from its input by no single rate, because a pooling or a stride rounds down, where [Squeeze] and [HaarDownsample] take only edges that divide"
            : growth < 0 || growth % interval != 0 ? $"grows by {growth} {(growth == 1 ? "voxel" : "voxels")} for {interval} of its input"
            : Enumerable.Range(0, (int)((last - first.Input) / interval) + 1).Any(i => !inputs.Contains(first.Input + i * interval))
                ? "takes edges that are unevenly apart"
            : null;
    }
}
