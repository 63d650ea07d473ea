namespace Iqt.Reversible;

/// <summary>A stack of RevNet blocks whose F and G are both the same residual function.</summary>
/// <typeparam name="TFunction">A class marked [ResidualFunction], or a module of the user's own (see <see cref="LayerAttribute{TModule}"/>).</typeparam>
public sealed class StackAttribute<TFunction> : StackAttribute
{
    /// <param name="blocks">Number of blocks, at least 0; 0 is the identity.</param>
    public StackAttribute(int blocks) : base(blocks)
    {
    }

    /// <param name="blocks">Name of the hyperparameter that gives the number of blocks.</param>
    public StackAttribute(string blocks) : base(blocks)
    {
    }
}

/// <summary>A stack of RevNet blocks with different residual functions.</summary>
/// <typeparam name="TF">F, which reads the second half of the channels and acts on the first.</typeparam>
/// <typeparam name="TG">G, which reads the first half and acts on the second.</typeparam>
public sealed class StackAttribute<TF, TG> : StackAttribute
{
    /// <param name="blocks">Number of blocks, at least 0; 0 is the identity.</param>
    public StackAttribute(int blocks) : base(blocks)
    {
    }

    /// <param name="blocks">Name of the hyperparameter that gives the number of blocks.</param>
    public StackAttribute(string blocks) : base(blocks)
    {
    }
}

/// <summary>
/// A stack of RevNet blocks (paper, Fig. 1): coupling of two residual functions over the two halves of the channels, whose
/// number must be even.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class StackAttribute : Attribute
{
    private protected StackAttribute(object blocks)
    {
        Blocks = blocks;
    }

    /// <summary>Number of blocks, or the name of the hyperparameter that gives it.</summary>
    public object Blocks { get; }

    /// <summary>How a residual function acts on a half.</summary>
    public Coupling Coupling { get; set; }

    /// <summary>How channels are permuted from one block to the next; not behind the last.</summary>
    public ChannelOrder Permutation { get; set; }
}
