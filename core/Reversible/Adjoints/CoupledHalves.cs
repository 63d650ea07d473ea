using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// The two halves of the channels that a stack works on (the paper's α and β), in channels-last order, each with
/// memory of its own so that blocks can add to them in place.
/// </summary>
public sealed class CoupledHalves : IDisposable
{
    private CoupledHalves(Tensor? alpha, Tensor? beta)
    {
        Alpha = new Activation(alpha);
        Beta = new Activation(beta);
    }

    /// <summary>The first half of the channels.</summary>
    public Activation Alpha { get; }

    /// <summary>The second half of the channels.</summary>
    public Activation Beta { get; }

    /// <summary>Whether there are none.</summary>
    internal bool IsEmpty => Alpha.IsEmpty;

    /// <summary>Copies the halves of [batch, channels, …]; the number of channels is even.</summary>
    /// <param name="activation">Not changed.</param>
    /// <param name="type">The residual stream's type; the activation's if not given.</param>
    public static CoupledHalves Split(Tensor activation, ScalarType? type = null)
    {
        long half = activation.shape[1] / 2;
        Tensor alpha = Copy(activation, 0, half, type);
        try
        {
            return new CoupledHalves(alpha, Copy(activation, half, half, type));
        }
        catch
        {
            alpha.Dispose();
            throw;
        }
    }

    /// <summary>[batch, channels, …] with the halves one after the other, in the given type; the caller disposes it.</summary>
    public Tensor Join(ScalarType? type = null)
    {
        using Tensor alpha = Alpha.Value.to(type ?? Alpha.Value.dtype);
        using Tensor beta = Beta.Value.to(type ?? Beta.Value.dtype);
        return cat([alpha, beta], 1);
    }

    /// <summary>Owns halves that a <see cref="Split"/> made.</summary>
    internal static CoupledHalves Own(Tensor alpha, Tensor beta) => new(alpha, beta);

    /// <summary>No halves yet: stored blocks go backwards without them.</summary>
    public static CoupledHalves Empty() => new(null, null);

    /// <summary>Permutes the channels of both halves together.</summary>
    public void Permute(ChannelOrder order) => Exchange(joined => ChannelPermutation.Apply(joined, order));

    /// <summary>Undoes <see cref="Permute"/>; of no halves nothing.</summary>
    public void Unpermute(ChannelOrder order)
    {
        if (!IsEmpty)
        {
            Exchange(joined => ChannelPermutation.Invert(joined, order));
        }
    }

    /// <summary>Frees both halves and owns others.</summary>
    internal void Replace(Tensor alpha, Tensor beta)
    {
        Alpha.Replace(alpha);
        Beta.Replace(beta);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Alpha.Dispose();
        Beta.Dispose();
    }

    private void Exchange(Func<Tensor, Tensor> permutation)
    {
        // Each form goes as soon as the next is there: between blocks this may be the step's peak.
        using var whole = new Activation(Join());
        Alpha.Clear();
        Beta.Clear();
        whole.Replace(permutation(whole));
        using CoupledHalves other = Split(whole);
        Replace(other.Alpha.Release(), other.Beta.Release());
    }

    private static Tensor Copy(Tensor activation, long first, long count, ScalarType? type)
    {
        using Tensor detached = activation.detach();
        using Tensor half = detached.narrow(1, first, count);
        using Tensor typed = half.to(type ?? half.dtype);
        Tensor ordered = MemoryLayout.ToChannelsLast(typed);
        if (activation.shape[0] > 1 && count > 1)
        {
            return ordered;
        }

        // Such a half may be in both orders at once, and then still lies in the activation's own memory.
        using (ordered)
        {
            return ordered.clone();
        }
    }
}
