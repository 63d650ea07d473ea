using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Vocabulary;

/// <summary>A number of an attribute and what it may be.</summary>
/// <param name="Argument">As the constructor's parameter or the property is called.</param>
/// <param name="Setting">As written.</param>
internal sealed record NumberRule(string Argument, Setting Setting)
{
    /// <summary>No network has more channels, or blocks in a stack; beyond it the arithmetic of sizes would overflow.</summary>
    public const int MostChannels = 1_000_000;

    /// <summary>The longest edge of an image that sizes are tried for; no kernel, stride or padding is longer.</summary>
    public const int LongestEdge = 4096;

    /// <summary>The least that the number may be.</summary>
    public int Minimum { get; init; }

    /// <summary>The greatest that a whole number may be.</summary>
    public int Maximum { get; init; } = MostChannels;

    /// <summary>Whether the number is a real one.</summary>
    public bool IsReal { get; init; }

    /// <summary>Whether a real number has to be greater than the minimum.</summary>
    public bool IsOpen { get; init; }

    /// <summary>What a real number has to be below; null without a limit.</summary>
    public double? Below { get; init; }

    /// <summary>The names of an enumeration's values, which count from 0; none for a number.</summary>
    public EquatableArray<string> Names { get; init; }

    /// <summary>The numbers of one operation, those of the attributes that are not layers included.</summary>
    public static IEnumerable<NumberRule> Of(DeclaredOperation operation) => operation.Attribute switch
    {
        "Stack" => [.. Whole(operation, "blocks", 0), .. OneOf(operation, "Coupling", "Additive", "Affine"), .. OneOf(operation, "Permutation", ChannelOrders.All)],
        "Input" => Whole(operation, "channels", 1),
        _ => LayerKinds.Find(operation.Attribute)?.Numbers(operation) ?? [],
    };

    /// <summary>A whole number, if it was given.</summary>
    public static IEnumerable<NumberRule> Whole(DeclaredOperation operation, string argument, int minimum, int maximum = MostChannels) =>
        operation.Find(argument) is { } setting ? [new NumberRule(argument, setting) { Minimum = minimum, Maximum = maximum }] : [];

    /// <summary>A whole number of voxels along an edge, if it was given.</summary>
    public static IEnumerable<NumberRule> Edge(DeclaredOperation operation, string argument, int minimum) => Whole(operation, argument, minimum, LongestEdge);

    /// <summary>A real number, if it was given.</summary>
    public static IEnumerable<NumberRule> Range(DeclaredOperation operation, string argument, int minimum, double? below = null, bool isOpen = false) =>
        operation.Find(argument) is { } setting
            ? [new NumberRule(argument, setting) { Minimum = minimum, IsReal = true, IsOpen = isOpen, Below = below }]
            : [];

    /// <summary>A value of an enumeration, if it was given.</summary>
    public static IEnumerable<NumberRule> OneOf(DeclaredOperation operation, string argument, params string[] names) =>
        operation.Find(argument) is { } setting ? [new NumberRule(argument, setting) { Names = new(names.AsEnumerable()) }] : [];

    /// <summary>What a whole number should be, as "has to be …"; null if it is.</summary>
    public string? WholeFault(long value) =>
        Names.Count > 0 ? (value < 0 || value >= Names.Count ? $"one of {string.Join(", ", Names)}" : null)
        : value < Minimum ? $"at least {Minimum}"
        : value > Maximum ? $"at most {Maximum}"
        : null;

    /// <summary>The same of a real number.</summary>
    public string? RealFault(double value)
    {
        bool isRight = !double.IsInfinity(value) && (IsOpen ? value > Minimum : value >= Minimum) && (Below is not { } limit || value < limit);
        string least = IsOpen ? $"greater than {Minimum}" : $"at least {Minimum}";
        return isRight ? null : Below is { } most ? $"{least} and below {Naming.Literal(most)}" : $"{least} and finite";
    }
}
