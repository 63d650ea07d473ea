namespace Iqt.Reversible;

/// <summary>
/// A stack of RevNet blocks (paper, Fig. 1): additive coupling of two residual functions over the two halves
/// of the channels, whose number must be even.
/// </summary>
/// <typeparam name="TFunction">The residual function, F and G of every block: a class marked [ResidualFunction].</typeparam>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StackAttribute<TFunction> : Attribute
{
    /// <param name="blocks">Number of blocks, at least 0; 0 is the identity.</param>
    public StackAttribute(int blocks)
    {
        Blocks = blocks;
    }

    /// <param name="blocks">Name of the hyperparameter that gives the number of blocks.</param>
    public StackAttribute(string blocks)
    {
        Blocks = blocks;
    }

    /// <summary>Number of blocks, or the name of the hyperparameter that gives it.</summary>
    public object Blocks { get; }
}
