using System.Globalization;

namespace Iqt.Generators.Models;

/// <summary>
/// A number that generated code computes with: known when the declaration is compiled, or given by a
/// hyperparameter when the network is built.
/// </summary>
/// <param name="Code">The C# expression.</param>
/// <param name="Value">Its value, with every hyperparameter at its default; null where nothing is known.</param>
/// <param name="IsLiteral">Whether the value can't differ.</param>
internal readonly record struct Count(string Code, long? Value, bool IsLiteral)
{
    // Far beyond what any rule lets pass, far below what overflows.
    private const long Limit = 1L << 40;

    /// <summary>The channels that a residual function is built for, known to nobody but its stack.</summary>
    public static Count FunctionChannels => new("channels", null, false);

    /// <summary>What follows from a mistake.</summary>
    public static Count Unknown => new("0", null, false);

    public static Count Literal(long value) => new(value.ToString(CultureInfo.InvariantCulture), value, true);

    /// <summary>In an interpolated string of the generated code.</summary>
    public string Interpolated => IsLiteral ? Code : "{" + Code + "}";

    public Count Times(long factor)
    {
        long? product = Value is { } value ? (value > Limit / factor ? Limit : value * factor) : null;
        return IsLiteral ? Literal(product!.Value) : new($"({Code} * {factor})", product, false);
    }

    public Count DividedBy(long divisor) => IsLiteral ? Literal(Value!.Value / divisor) : new($"({Code} / {divisor})", Value / divisor, false);

    public Count Plus(Count other) =>
        IsLiteral && other.IsLiteral ? Literal(Value!.Value + other.Value!.Value) : new($"({Code} + {other.Code})", Value + other.Value, false);

    /// <summary>For a message: the value, and where it comes from.</summary>
    public string Told => IsLiteral ? Code : Value is { } value ? $"{Code} = {value}" : Code;
}
