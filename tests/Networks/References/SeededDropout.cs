using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>
/// Dropout whose mask follows from the seed of the step and the number of the layer in its network, mixed by SplitMix64
/// (Steele et al. 2014), as declared networks draw theirs.
/// </summary>
internal sealed class SeededDropout(double probability, int stream) : nn.Module<Tensor, Tensor>(nameof(SeededDropout))
{
    public ulong StepSeed { get; set; }

    public override Tensor forward(Tensor input)
    {
        if (!training)
        {
            return input.alias();
        }

        ulong z = unchecked(StepSeed + (ulong)(stream + 1) * 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        z ^= z >> 31;
        using Generator random = new(z & long.MaxValue, CPU);
        using Tensor kept = zeros_like(input).bernoulli_(1 - probability, random);
        return input.mul(kept).div(1 - probability);
    }
}
