namespace Iqt.Generators.Parsing;

/// <summary>An argument that is a number, or the name of a hyperparameter.</summary>
internal readonly record struct Setting(int? Number, string? Hyperparameter)
{
    public static Setting Of(int number) => new(number, null);
}
