using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>What a segment reads: one activation, or several joined.</summary>
public sealed class Source
{
    private static readonly Scalar One = 1.0.ToScalar();
    private readonly Junction _junction;
    private readonly ActivationSlot[] _slots;

    private Source(Junction junction, params ActivationSlot[] slots)
    {
        _junction = junction;
        _slots = slots;
    }

    /// <summary>Whether anybody asks for ∂L/∂input.</summary>
    internal bool WantsGradient => _slots.Any(slot => slot.WantsGradient);

    /// <summary>One activation.</summary>
    public static implicit operator Source(ActivationSlot slot) => new(Junction.None, slot);

    /// <summary>The channels of several, one after the other.</summary>
    public static Source Concat(params ActivationSlot[] slots) => new(Junction.Concat, slots);

    /// <summary>The sum of several.</summary>
    public static Source Sum(params ActivationSlot[] slots) => new(Junction.Sum, slots);

    /// <summary>The channels of several tensors, one after the other.</summary>
    public static Tensor ConcatOf(params Tensor[] parts) => cat(parts, 1);

    /// <summary>The sum of several tensors.</summary>
    public static Tensor SumOf(params Tensor[] parts)
    {
        Tensor total = add(parts[0], parts[1], One);
        foreach (Tensor part in parts.Skip(2))
        {
            using Tensor before = total;
            total = add(before, part, One);
        }

        return total;
    }

    /// <summary>The segment's input, which the caller disposes.</summary>
    internal Tensor Read()
    {
        if (_junction == Junction.None)
        {
            return _slots[0].Read();
        }

        Tensor[] parts = [.. _slots.Select(slot => slot.Read())];
        try
        {
            return _junction == Junction.Concat ? ConcatOf(parts) : SumOf(parts);
        }
        finally
        {
            Array.ForEach(parts, part => part.Dispose());
        }
    }

    /// <summary>Hands ∂L/∂input to the sources that want it; owns what it is given.</summary>
    /// <param name="gradient">∂L/∂input.</param>
    /// <param name="channels">Channels of each source.</param>
    internal void AddGradient(Tensor gradient, IReadOnlyList<int> channels)
    {
        if (_junction == Junction.None)
        {
            _slots[0].AddGradient(gradient);
            return;
        }

        using (gradient)
        {
            long start = 0;
            for (int i = 0; i < _slots.Length; i++)
            {
                if (_slots[i].WantsGradient)
                {
                    _slots[i].AddGradient(_junction == Junction.Concat ? gradient.narrow(1, start, channels[i]) : gradient.alias());
                }

                start += channels[i];
            }
        }
    }

    /// <summary>Gives an activation back that the inversion of its reader brought forth; owns what it is given.</summary>
    internal void Restore(Tensor value) => _slots.Single().Set(value);
}
