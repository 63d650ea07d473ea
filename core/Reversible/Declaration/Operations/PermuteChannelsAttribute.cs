namespace Iqt.Reversible;

/// <summary>Puts the channels into another order.</summary>
/// <param name="order">The order; <see cref="ChannelOrder.Interleaved"/> needs an even number.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class PermuteChannelsAttribute(ChannelOrder order) : Attribute
{
    /// <summary>The order.</summary>
    public ChannelOrder Order { get; } = order;
}
