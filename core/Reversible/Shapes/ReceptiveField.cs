using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// How far a network looks in evaluation mode, from what its layers say of themselves (<see cref="LayerStep.Window"/>):
/// bounded only if every one of them reads a window and none has fewer voxels than the input. A coarser level would besides make
/// it matter where a piece of an image begins.
/// </summary>
public sealed class ReceptiveField
{
    // Of a chain of layers, in voxels of the input: the resolution it has come to, and how far from an output voxel's centre
    // what it reads may lie.
    private readonly record struct Reach(long Rate, double Distance);

    /// <summary>Follows the layers through the segments.</summary>
    /// <param name="network">Its last output counts.</param>
    public ReceptiveField(Network network)
    {
        Dictionary<string, Reach> reached = network.Inputs.ToDictionary(input => input.Name, _ => new Reach(1, 0), StringComparer.Ordinal);
        foreach (Segment segment in network.Segments)
        {
            Reach[] sources = [.. segment.Sources.Select(source => reached[source])];
            var joined = new Reach(sources[0].Rate, sources.Max(source => source.Distance));
            if (Follow(joined, network, segment) is not { } found)
            {
                Unbounded = segment.Name;
                return;
            }

            reached[segment.Name] = found;
        }

        (long rate, double distance) = reached[network.Segments[^1].Name];
        // Output voxels lie that far from the centre of the input voxel they are in; a sum of fractions must not fall short of a
        // whole number.
        Radius = (int)Math.Floor(distance + OffCentre(rate) + 1e-9);
    }

    /// <summary>
    /// Input voxels to each side of the one that an output voxel lies in beyond which no input has an influence; null where nothing
    /// bounds that.
    /// </summary>
    public int? Radius { get; }

    /// <summary>The first segment because of which there is no radius; null if there is one.</summary>
    public string? Unbounded { get; }

    private static Reach? Follow(Reach reach, Network network, Segment segment)
    {
        if (segment.Kind != SegmentKind.Stack)
        {
            // Without a step, only what joins its sources says all there is.
            return segment.Steps.Count > 0 || segment.Kind == SegmentKind.Rearrangement ? Follow(reach, segment.Steps) : null;
        }

        Reach? now = reach;
        foreach (nn.Module block in network.SegmentModule(segment.Name)!.named_children().Select(child => child.module))
        {
            // G reads what F has changed.
            now = Follow(Follow(now, block, "f", segment), block, "g", segment);
        }

        return now;
    }

    private static Reach? Follow(Reach? reach, nn.Module block, string half, Segment segment)
    {
        if (reach is not { } start)
        {
            return null;
        }

        // An affine coupling has two, side by side.
        Reach?[] found = [.. BlockFunctions.Of(block, half).Select(function => Follow(start, function.Steps(segment.InputChannels / 2)))];
        return found.Length == 0 || found.Contains(null) ? null : found.MaxBy(function => function!.Value.Distance);
    }

    private static Reach? Follow(Reach reach, IReadOnlyList<LayerStep> steps)
    {
        foreach (LayerStep step in steps)
        {
            SpatialStep size = step.Size ?? new SpatialStep(1, 0);
            if (step.Window is not { } window || size.Divisor != 1 || size.Multiplier < 1)
            {
                return null;
            }

            double distance = Math.Max((window - 1) / 2.0, OffCentre(size.Multiplier)) / reach.Rate;
            reach = new Reach(reach.Rate * size.Multiplier, reach.Distance + distance);
        }

        return reach;
    }

    // Of the outermost of the voxels that one becomes, to its centre.
    private static double OffCentre(long rate) => (rate - 1) / (2.0 * rate);
}
