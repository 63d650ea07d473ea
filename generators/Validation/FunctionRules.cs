using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Validation;

/// <summary>Rules for residual functions: they keep channels and size.</summary>
internal static class FunctionRules
{
    // Longer than any kernel or stride, so that rounding hides nothing.
    private const long Probe = 1L << 30;

    public static IEnumerable<Finding> Check(ResidualFunctionModel function, Doubts doubts)
    {
        List<(LayersModel Group, OperationModel Layer)> layers = [.. function.Groups.SelectMany(group => group.Operations.Select(layer => (group, layer)))];
        foreach ((LayersModel group, OperationModel layer) in layers)
        {
            if (!doubts.Of(group.Member, layer.AttributeIndex) && layer.Kind.Step(layer)?.OutputSize is { } step && Change(step) is { } change)
            {
                yield return new(Rules.ChangesSize, new(group.Name, layer.AttributeIndex, "Padding"), group.Name, change, Remedy(layer));
            }
        }

        Count output = function.Groups.LastOrDefault()?.Output ?? Count.FunctionChannels;
        if (output != Count.FunctionChannels && output != Count.Unknown)
        {
            (LayersModel group, OperationModel last) = layers.Last(l => l.Layer.Output != l.Layer.Input || l.Layer.Declared.Find("channels") is not null);
            yield return new(Rules.ChangesChannels, new(group.Name, last.AttributeIndex, "channels"), function.Class.Name, output.Told);
        }
    }

    // What becomes of an edge, in words; null if it stays. A rearrangement takes only multiples of its rate.
    private static string? Change(Func<long, long> step)
    {
        long edge = Enumerable.Range(1, NumberRule.LongestEdge).Select(factor => factor * Probe).FirstOrDefault(longer => step(longer) > 0);
        long found = step(edge), growth = step(2 * edge) - found;
        return growth == 0 ? "makes every edge 1 voxel long"
            : growth > edge ? $"makes every edge {growth / edge} times as long"
            : growth < edge ? $"divides every edge by {(edge + growth / 2) / growth}"
            : found == edge ? null
            : $"makes every edge {Math.Abs(found - edge)} {(Math.Abs(found - edge) == 1 ? "voxel" : "voxels")} {(found < edge ? "shorter" : "longer")}";
    }

    private static string Remedy(OperationModel layer)
    {
        if (layer.Kind is not ConvolutionKind || layer.Number("Stride", 1) != Count.Literal(1))
        {
            return "remove it, or its stride";
        }

        long kernel = layer.Number("Kernel", 1).Value ?? 1, dilation = layer.Number("Dilation", 1).Value ?? 1;
        return kernel % 2 != 0 || dilation % 2 == 0
            ? $"set Padding = {dilation * (kernel - 1) / 2}"
            : $"an even kernel can't keep it, take {kernel + 1} with Padding = {dilation * kernel / 2}";
    }
}
