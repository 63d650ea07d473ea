using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;

namespace Iqt.Generators.Validation;

/// <summary>Rules for channels and sizes; what nobody knows before the network is built is checked then.</summary>
internal static class ShapeRules
{
    public static IEnumerable<Finding> Check(NetworkModel network)
    {
        string source = "the network's input";
        foreach (SegmentModel segment in network.Segments)
        {
            if (segment is StackModel { Channels.Value: { } channels } && channels % 2 != 0)
            {
                yield return new(Rules.OddChannels, new(segment.Name, 0), segment.Name, segment.Input.Told, source);
            }
            else if (segment is LayersModel layers)
            {
                foreach (Finding finding in CheckShuffles(layers))
                {
                    yield return finding;
                }
            }

            source = segment.Name;
        }
    }

    public static IEnumerable<Finding> Check(ResidualFunctionModel function)
    {
        foreach (LayersModel group in function.Groups)
        {
            foreach (ConvolutionModel conv in group.Operations.OfType<ConvolutionModel>().Where(c => c.Loss is not (null or 0)))
            {
                string remedy = conv.Kernel.Value % 2 != 0
                    ? $"set Padding = {conv.Kernel.Value / 2}"
                    : $"an even kernel can't keep it, take {conv.Kernel.Value + 1} with Padding = {(conv.Kernel.Value + 1) / 2}";
                yield return new(
                    Rules.ChangesSize, new(group.Name, conv.AttributeIndex, "Padding"), group.Name, -conv.Loss!, conv.Kernel.Told, conv.Padding.Told, remedy);
            }
        }

        Count output = function.Groups.LastOrDefault()?.Output ?? Count.FunctionChannels;
        if (output != Count.FunctionChannels)
        {
            LayersModel last = function.Groups.Last(g => g.Operations.Any(o => o is ConvolutionModel));
            int index = last.Operations.OfType<ConvolutionModel>().Last().AttributeIndex;
            yield return new(Rules.ChangesChannels, new(last.Name, index, "channels"), function.Class.Name, output.Told);
        }
    }

    private static IEnumerable<Finding> CheckShuffles(LayersModel layers)
    {
        foreach (VoxelShuffleModel shuffle in layers.Operations.OfType<VoxelShuffleModel>())
        {
            int cube = shuffle.Rate * shuffle.Rate * shuffle.Rate;
            if (shuffle.Input.Value is { } channels && channels % cube != 0)
            {
                int below = channels / cube * cube;
                yield return new(
                    Rules.NotDivisible, new(layers.Name, shuffle.AttributeIndex), shuffle.Rate, cube, layers.Name, shuffle.Input.Told, Math.Max(below, cube), below + (below == 0 ? 2 : 1) * cube);
            }
        }
    }
}
