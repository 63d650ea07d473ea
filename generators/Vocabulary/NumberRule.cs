using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Vocabulary;

/// <summary>A number of an attribute and what it may be.</summary>
/// <param name="Argument">As the constructor's parameter or the property is called.</param>
/// <param name="Setting">As written.</param>
/// <param name="Minimum">The least that a whole number may be.</param>
internal sealed record NumberRule(string Argument, Setting Setting, int Minimum)
{
    /// <summary>The greatest that a number may be, and why, for the message; null without a limit.</summary>
    public (double Value, string Words)? Maximum { get; init; }

    /// <summary>Whether the number may be a real one; then the minimum holds for it, too.</summary>
    public bool IsReal { get; init; }

    /// <summary>Whether the minimum itself, or the maximum, is out of range.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The numbers of one operation, those of the attributes that are not layers included.</summary>
    public static IEnumerable<NumberRule> Of(DeclaredOperation operation) => operation.Attribute switch
    {
        "Stack" => Whole(operation, "blocks", 0),
        "Input" => Whole(operation, "channels", 1),
        _ => LayerKinds.Find(operation.Attribute)?.Numbers(operation) ?? [],
    };

    /// <summary>A whole number, if it was given.</summary>
    public static IEnumerable<NumberRule> Whole(DeclaredOperation operation, string argument, int minimum) =>
        operation.Find(argument) is { } setting ? [new NumberRule(argument, setting, minimum)] : [];

    /// <summary>A real number, if it was given.</summary>
    public static IEnumerable<NumberRule> Range(DeclaredOperation operation, string argument, int minimum, double? maximum = null, bool isOpen = false) =>
        operation.Find(argument) is { } setting
            ? [new NumberRule(argument, setting, minimum) { IsReal = true, IsOpen = isOpen, Maximum = maximum is { } most ? (most, $"below {most}") : null }]
            : [];

    /// <summary>What is wrong with the number, as "has to be …"; null if nothing is.</summary>
    public string? Fault(Func<Setting, Count> resolve)
    {
        double? value = Setting.Real ?? (Setting.Number is { } number ? number : IsReal ? null : resolve(Setting).Value);
        return value is not { } known ? null
            : known < Minimum || (IsReal && IsOpen && known <= Minimum) ? IsReal && IsOpen ? $"greater than {Minimum}" : $"at least {Minimum}"
            : Maximum is { } most && (IsReal ? known >= most.Value : known > most.Value) ? most.Words
            : null;
    }
}
