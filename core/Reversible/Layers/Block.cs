using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>A RevNet block: its two residual functions (the paper's F1 and F2).</summary>
/// <typeparam name="TFunction">The residual function.</typeparam>
public sealed class Block<TFunction> : nn.Module
    where TFunction : ResidualFunction
{
    /// <param name="f">Reads β and adds to α.</param>
    /// <param name="g">Reads α and adds to β.</param>
    public Block(TFunction f, TFunction g) : base(nameof(Block<TFunction>))
    {
        F = f;
        G = g;
        register_module("f", f);
        register_module("g", g);
    }

    /// <summary>Reads β and adds to α.</summary>
    public TFunction F { get; }

    /// <summary>Reads α and adds to β.</summary>
    public TFunction G { get; }
}
