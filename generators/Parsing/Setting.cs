namespace Iqt.Generators.Parsing;

/// <summary>The value of an attribute's argument: a whole number (or enumeration), a real one, a truth value, or a text, which names a hyperparameter or a segment.</summary>
internal readonly record struct Setting(int? Number, string? Text, double? Real = null, bool? Flag = null)
{
    public static Setting Of(int number) => new(number, null);

    /// <summary>The hyperparameter that gives the number, if it is not written as one.</summary>
    public string? Hyperparameter => Number is null ? Text ?? "" : null;
}
