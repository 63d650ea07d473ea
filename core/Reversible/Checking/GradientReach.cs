using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>How far the gradient of a step came.</summary>
public static class GradientReach
{
    /// <summary>
    /// The segments none of whose trainable parameters has a gradient other than zero, by name, between a backward pass and the update:
    /// something behind them hides what it computes from autograd. A stack that starts as the identity is none of them.
    /// </summary>
    public static IReadOnlyList<string> Unreached(Network network) =>
    [
        .. from segment in network.Segments
           let trainable = network.SegmentModule(segment.Name)?.parameters().Where(parameter => parameter.requires_grad).ToArray() ?? []
           where trainable.Length > 0 && !trainable.Any(HasGradient)
           select segment.Name,
    ];

    private static bool HasGradient(Parameter parameter)
    {
        using DisposeScope scope = NewDisposeScope(); // reading grad makes a handle each time
        return parameter.grad is { } gradient && gradient.count_nonzero().item<long>() > 0;
    }
}
