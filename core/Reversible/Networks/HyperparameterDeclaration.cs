namespace Iqt.Reversible;

/// <summary>A declared hyperparameter.</summary>
/// <param name="Name">The declared name, for example <c>Blocks</c>.</param>
/// <param name="Default">The value where none is given.</param>
/// <param name="Summary">The declaration's own words.</param>
public sealed record HyperparameterDeclaration(string Name, int Default, string Summary)
{
    /// <summary>Checks a value that a network is built with; called by generated constructors.</summary>
    /// <exception cref="ArgumentException">The value is smaller than the declaration allows.</exception>
    public static int AtLeast(int minimum, int value, string name) =>
        value >= minimum ? value : throw new ArgumentException($"Hyperparameter {name} is {value}; it has to be at least {minimum}.");
}
