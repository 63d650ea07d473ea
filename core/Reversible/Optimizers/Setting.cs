using System.Globalization;

namespace Iqt.Reversible.Optimizers;

/// <summary>What numbers an optimiser can be set to; those that are none are refused before a parameter is touched.</summary>
internal static class Setting
{
    /// <summary>A finite number that is not negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another.</exception>
    public static double NotNegative(double value, string name) =>
        double.IsFinite(value) && value >= 0 ? value : throw Refused(value, name, "a finite number of at least 0");

    /// <summary>The share of what was that remains in a running mean.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0, or 1 and more.</exception>
    public static double Decay(double value, string name) =>
        value is >= 0 and < 1 ? value : throw Refused(value, name, "a number of at least 0 and below 1");

    /// <summary>A bound: positive, or none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0 or less.</exception>
    public static double? Bound(double? value, string name) =>
        value is null or > 0 ? value : throw Refused(value.Value, name, "a number above 0, or null for no bound,");

    private static ArgumentOutOfRangeException Refused(double value, string name, string expected) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, and {expected} is expected."));
}
