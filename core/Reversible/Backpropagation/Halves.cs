using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// The two halves of the channels that a stack works on (the paper's α and β), each contiguous and owned, so
/// that blocks can add to them in place.
/// </summary>
public sealed class Halves : IDisposable
{
    private Halves(Tensor alpha, Tensor beta)
    {
        Alpha = alpha;
        Beta = beta;
    }

    /// <summary>The first half of the channels.</summary>
    public Tensor Alpha { get; private set; }

    /// <summary>The second half of the channels.</summary>
    public Tensor Beta { get; private set; }

    /// <summary>Copies the halves of [batch, channels, …]; the number of channels is even.</summary>
    public static Halves Split(Tensor activation)
    {
        long half = activation.shape[1] / 2;
        using Tensor alpha = activation.narrow(1, 0, half);
        using Tensor beta = activation.narrow(1, half, half);
        Tensor ownAlpha = Copy(alpha);
        try
        {
            return new Halves(ownAlpha, Copy(beta));
        }
        catch
        {
            ownAlpha.Dispose();
            throw;
        }
    }

    /// <summary>[batch, channels, …] with the halves one after the other; the caller disposes it.</summary>
    public Tensor Join() => cat([Alpha, Beta], 1);

    /// <summary>Permutes the channels of both halves together.</summary>
    public void Permute(ChannelOrder order) => Exchange(joined => ChannelPermutation.Apply(joined, order));

    /// <summary>Undoes <see cref="Permute"/>.</summary>
    public void Unpermute(ChannelOrder order) => Exchange(joined => ChannelPermutation.Invert(joined, order));

    /// <inheritdoc/>
    public void Dispose()
    {
        Alpha.Dispose();
        Beta.Dispose();
    }

    private void Exchange(Func<Tensor, Tensor> permutation)
    {
        using Tensor joined = Join();
        using Tensor permuted = permutation(joined);
        using Halves other = Split(permuted);
        (Alpha, other.Alpha) = (other.Alpha, Alpha);
        (Beta, other.Beta) = (other.Beta, Beta);
    }

    // contiguous() would return the same memory for a batch of one, whose halves are contiguous already.
    private static Tensor Copy(Tensor half)
    {
        using Tensor detached = half.detach();
        return detached.clone();
    }
}
