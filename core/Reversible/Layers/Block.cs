using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>A RevNet block: its two residual functions (the paper's F1 and F2), or pairs of them with affine coupling.</summary>
/// <typeparam name="TF">What acts on the first half.</typeparam>
/// <typeparam name="TG">What acts on the second half.</typeparam>
public sealed class Block<TF, TG> : nn.Module
    where TF : nn.Module
    where TG : nn.Module
{
    /// <param name="f">Reads β and acts on α.</param>
    /// <param name="g">Reads α and acts on β.</param>
    public Block(TF f, TG g) : base("Block")
    {
        F = f;
        G = g;
        register_module("f", f);
        register_module("g", g);
    }

    /// <summary>Reads β and acts on α.</summary>
    public TF F { get; }

    /// <summary>Reads α and acts on β.</summary>
    public TG G { get; }
}
