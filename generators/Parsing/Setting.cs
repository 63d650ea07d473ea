namespace Iqt.Generators.Parsing;

/// <summary>
/// The value of an attribute's argument: a whole number, a member of an enumeration (its number), a real number, a truth value,
/// or a text, which names a hyperparameter or a segment. What is none of these has only its text of <paramref name="Other"/>.
/// </summary>
/// <param name="Other">How the source writes what is no number and no name: <c>null</c>, <c>1.5</c>, <c>Coupling.Affine</c>.</param>
internal readonly record struct Setting(int? Number, string? Text, double? Real = null, bool? Flag = null, string? Other = null)
{
    public static Setting Of(int number) => new(number, null);

    /// <summary>How the source writes a whole number that is beyond all that an <c>int</c> holds; <see cref="Number"/> is the nearest.</summary>
    public string? Beyond { get; init; }

    /// <summary>The hyperparameter that gives the number, if it is not written as one.</summary>
    public string? Hyperparameter => Number is null ? Text ?? "" : null;
}
