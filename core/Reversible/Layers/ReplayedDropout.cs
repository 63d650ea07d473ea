using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Dropout whose mask depends only on the step and the layer, so that a recomputation draws it again.</summary>
public sealed class ReplayedDropout : nn.Module, IRandomLayer
{
    private readonly double _probability;

    /// <param name="probability">That a number becomes zero: at least 0, below 1.</param>
    public ReplayedDropout(double probability) : base(nameof(ReplayedDropout))
    {
        _probability = probability;
    }

    ulong IRandomLayer.Stream { get; set; }

    bool IRandomLayer.Draws => training && _probability > 0;

    /// <summary>Zeroes numbers and scales the others by 1/(1 − p) in training mode; otherwise a second handle of the input.</summary>
    public Tensor Apply(Tensor input, Execution execution)
    {
        if (!training || _probability == 0)
        {
            return input.alias();
        }

        // Drawn on the CPU: TorchSharp makes generators of that alone, and so the mask is the same on every device.
        using Generator random = new(RandomStream.Seed(execution, this), CPU);
        using Scalar scale = (1 / (1 - _probability)).ToScalar();
        using Tensor drawn = empty(input.shape, dtype: input.dtype, device: CPU);
        drawn.bernoulli_(1 - _probability, random);
        drawn.mul_(scale);
        using Tensor kept = drawn.to(input.device);
        return input.mul(kept);
    }
}
