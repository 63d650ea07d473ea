using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>The RevNet blocks of a stack; parameters are named <c>0.f.…</c>, <c>0.g.…</c>, <c>1.f.…</c>, …</summary>
/// <typeparam name="TF">What acts on the first half of the channels in every block.</typeparam>
/// <typeparam name="TG">What acts on the second half.</typeparam>
public sealed class StackedBlocks<TF, TG> : nn.Module
    where TF : nn.Module
    where TG : nn.Module
{
    private readonly Block<TF, TG>[] _blocks;

    /// <param name="segment">The stack's declared name, for messages.</param>
    /// <param name="blocks">Number of blocks, at least 0.</param>
    /// <param name="channels">Channels of the stack, even.</param>
    /// <param name="f">Makes F on the given number of channels, half of the stack's.</param>
    /// <param name="g">Makes G on as many.</param>
    /// <exception cref="ArgumentException">A negative number of blocks, or an odd number of channels.</exception>
    public StackedBlocks(string segment, int blocks, int channels, Func<int, TF> f, Func<int, TG> g) : base(segment)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        if (channels % 2 != 0)
        {
            throw new ArgumentException($"{segment}: a stack splits its channels into two halves, and {channels} is odd. Choose an even number.", nameof(channels));
        }

        _blocks = new Block<TF, TG>[blocks];
        for (int i = 0; i < blocks; i++)
        {
            _blocks[i] = new Block<TF, TG>(f(channels / 2), g(channels / 2));
            register_module(i.ToString(System.Globalization.CultureInfo.InvariantCulture), _blocks[i]);
        }

        if (blocks > 0)
        {
            nn.Module[] halves = [_blocks[0].F, _blocks[0].G];
            Sizes = new([.. halves.OfType<ISizeKeeping>().SelectMany(half => half.Sizes.Steps)]);
        }
    }

    /// <summary>Number of blocks.</summary>
    public int Count => _blocks.Length;

    /// <summary>The sizes that its residual functions take; without blocks there are none.</summary>
    public SpatialMap Sizes { get; } = SpatialMap.Identity;

    /// <summary>Block i, counted in the order of the forward pass.</summary>
    public Block<TF, TG> this[int i] => _blocks[i];
}
