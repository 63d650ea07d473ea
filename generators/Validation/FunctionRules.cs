using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Validation;

/// <summary>Rules for residual functions: they keep channels and size.</summary>
internal static class FunctionRules
{
    // Any size that no layer is likely to refuse: only whether it is kept matters.
    private const long Probe = 10000;

    public static IEnumerable<Finding> Check(ResidualFunctionModel function)
    {
        List<(LayersModel Group, OperationModel Layer)> layers = [.. function.Groups.SelectMany(group => group.Operations.Select(layer => (group, layer)))];
        foreach ((LayersModel group, OperationModel layer) in layers)
        {
            long size = layer.Kind.Step(layer)?.OutputSize?.Invoke(Probe) ?? Probe;
            if (size != Probe)
            {
                yield return new(Rules.ChangesSize, new(group.Name, layer.AttributeIndex, "Padding"), group.Name, Probe, size, Remedy(layer));
            }
        }

        Count output = function.Groups.LastOrDefault()?.Output ?? Count.FunctionChannels;
        if (output != Count.FunctionChannels)
        {
            (LayersModel group, OperationModel last) = layers.Last(l => l.Layer.Output != l.Layer.Input || l.Layer.Declared.Find("channels") is not null);
            yield return new(Rules.ChangesChannels, new(group.Name, last.AttributeIndex, "channels"), function.Class.Name, output.Told);
        }
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
