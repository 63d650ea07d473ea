namespace Iqt.Reversible;

/// <summary>
/// Declares a network that is another with stacks put into it (paper, Fig. 1c,d): all of that network's segments, and the
/// class's own, each placed by <see cref="BeforeAttribute"/> or <see cref="AfterAttribute"/>. Weights of the other network
/// load into it; hyperparameters are those of both.
/// </summary>
/// <typeparam name="TNetwork">A declared network.</typeparam>
/// <param name="name">The new network's name on the command line and in checkpoints.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ElongateAttribute<TNetwork>(string name) : Attribute
{
    /// <summary>The name on the command line and in checkpoints.</summary>
    public string Name { get; } = name;
}
