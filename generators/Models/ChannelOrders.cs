namespace Iqt.Generators.Models;

/// <summary>The values of the enumeration ChannelOrder.</summary>
internal static class ChannelOrders
{
    /// <summary>Their names, in order.</summary>
    public static string[] All { get; } = ["Same", "Reversed", "Interleaved"];

    /// <summary>The name of an order that moves something.</summary>
    public static string? Name(int value) => value > 0 && value < All.Length ? All[value] : null;
}
