using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>y1 = x1 + F(x2), y2 = x2 + G(y1) over the halves of the channels (Gomez et al. 2017, equation 8).</summary>
internal sealed class AdditiveBlock : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _f;
    private readonly nn.Module<Tensor, Tensor> _g;

    public AdditiveBlock(nn.Module<Tensor, Tensor> f, nn.Module<Tensor, Tensor> g) : base(nameof(AdditiveBlock))
    {
        register_module("f", _f = f);
        register_module("g", _g = g);
    }

    public override Tensor forward(Tensor input)
    {
        Tensor[] x = input.chunk(2, 1);
        Tensor y1 = Reference.Add(x[0], _f.call(x[1]));
        Tensor y2 = Reference.Add(x[1], _g.call(y1));
        return cat([y1, y2], 1);
    }
}

/// <summary>y1 = x1 · exp(tanh S(x2)) + T(x2), and y2 from x2 and y1 alike (RealNVP, Dinh et al. 2017, with a bounded scale).</summary>
internal sealed class AffineBlock : nn.Module<Tensor, Tensor>
{
    private readonly Half _f;
    private readonly Half _g;

    public AffineBlock(Func<nn.Module<Tensor, Tensor>> f, Func<nn.Module<Tensor, Tensor>> g) : base(nameof(AffineBlock))
    {
        register_module("f", _f = new Half(f(), f()));
        register_module("g", _g = new Half(g(), g()));
    }

    public override Tensor forward(Tensor input)
    {
        Tensor[] x = input.chunk(2, 1);
        Tensor y1 = _f.Couple(x[0], x[1]);
        Tensor y2 = _g.Couple(x[1], y1);
        return cat([y1, y2], 1);
    }

    private sealed class Half : nn.Module
    {
        private readonly nn.Module<Tensor, Tensor> _scale;
        private readonly nn.Module<Tensor, Tensor> _shift;

        public Half(nn.Module<Tensor, Tensor> scale, nn.Module<Tensor, Tensor> shift) : base(nameof(Half))
        {
            register_module("scale", _scale = scale);
            register_module("shift", _shift = shift);
        }

        public Tensor Couple(Tensor half, Tensor other) =>
            Reference.Add(half.mul(exp(tanh(_scale.call(other)))), _shift.call(other));
    }
}

/// <summary>Blocks one after the other; with an order, the channels are put in that order between two blocks.</summary>
internal sealed class BlockSequence : nn.Module<Tensor, Tensor>
{
    private readonly List<nn.Module<Tensor, Tensor>> _blocks = [];
    private readonly long[]? _order;

    public BlockSequence(IEnumerable<nn.Module<Tensor, Tensor>> blocks, long[]? order = null) : base(nameof(BlockSequence))
    {
        _order = order;
        foreach (nn.Module<Tensor, Tensor> block in blocks)
        {
            register_module($"{_blocks.Count}", block);
            _blocks.Add(block);
        }
    }

    /// <summary>Additive blocks whose two functions are made alike.</summary>
    public static BlockSequence Additive(int count, Func<nn.Module<Tensor, Tensor>> function, long[]? order = null) =>
        new(Enumerable.Range(0, count).Select(_ => new AdditiveBlock(function(), function())), order);

    /// <summary>Last channel first.</summary>
    public static long[] Reversed(int channels) => [.. Enumerable.Range(0, channels).Select(c => (long)(channels - 1 - c))];

    /// <summary>First of the first half, first of the second half, second of the first half, …</summary>
    public static long[] Interleaved(int channels) => [.. Enumerable.Range(0, channels / 2).SelectMany(c => new long[] { c, channels / 2 + c })];

    public override Tensor forward(Tensor input)
    {
        Tensor x = input;
        for (int i = 0; i < _blocks.Count; i++)
        {
            x = _blocks[i].call(i > 0 && _order is not null ? x.index_select(1, tensor(_order)) : x);
        }

        return x;
    }
}
