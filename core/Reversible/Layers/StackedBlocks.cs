using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>The RevNet blocks of a stack; parameters are named <c>0.f.…</c>, <c>0.g.…</c>, <c>1.f.…</c>, …</summary>
/// <typeparam name="TFunction">The residual function F and G of every block.</typeparam>
public sealed class StackedBlocks<TFunction> : nn.Module
    where TFunction : ResidualFunction
{
    private readonly Block<TFunction>[] _blocks;

    /// <param name="segment">The stack's declared name, for messages.</param>
    /// <param name="blocks">Number of blocks, at least 0.</param>
    /// <param name="channels">Channels of the stack, even.</param>
    /// <param name="function">Makes a residual function on the given number of channels, half of the stack's.</param>
    /// <exception cref="ArgumentException">A negative number of blocks, or an odd number of channels.</exception>
    public StackedBlocks(string segment, int blocks, int channels, Func<int, TFunction> function) : base(segment)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        if (channels % 2 != 0)
        {
            throw new ArgumentException($"{segment}: a stack splits its channels into two halves, and {channels} is odd. Choose an even number.", nameof(channels));
        }

        _blocks = new Block<TFunction>[blocks];
        for (int i = 0; i < blocks; i++)
        {
            _blocks[i] = new Block<TFunction>(function(channels / 2), function(channels / 2));
            register_module(i.ToString(System.Globalization.CultureInfo.InvariantCulture), _blocks[i]);
        }
    }

    /// <summary>Number of blocks.</summary>
    public int Count => _blocks.Length;

    /// <summary>Block i, counted in the order of the forward pass.</summary>
    public Block<TFunction> this[int i] => _blocks[i];
}
