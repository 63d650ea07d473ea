namespace Iqt.Generators.Models;

/// <summary>The values of the enumeration ChannelOrder.</summary>
internal static class ChannelOrders
{
    /// <summary>The name of an order that moves something.</summary>
    public static string? Name(int value) => value switch
    {
        1 => "Reversed",
        2 => "Interleaved",
        _ => null,
    };
}
