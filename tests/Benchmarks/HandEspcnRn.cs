using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Benchmarks;

/// <summary>The paper's network as a TorchSharp user writes it: one ordinary graph, the yardstick for time.</summary>
internal sealed class HandEspcnRn : nn.Module<Tensor, Tensor>
{
    private readonly (HandBottleneck F, HandBottleneck G)[][] _stacks;
    private readonly Conv3d[] _layers = [nn.Conv3d(6, 50, 3L), nn.Conv3d(50, 100, 1L), nn.Conv3d(100, 48, 3L)];

    public HandEspcnRn(int blocks) : base("espcn-rn")
    {
        int[] halves = [3, 25, 50];
        _stacks = [.. halves.Select(half => Enumerable.Range(0, blocks).Select(_ => (new HandBottleneck(half), new HandBottleneck(half))).ToArray())];
        for (int s = 0; s < 3; s++)
        {
            register_module($"layer{s}", _layers[s]);
            for (int i = 0; i < blocks; i++)
            {
                register_module($"stack{s}_{i}_f", _stacks[s][i].F);
                register_module($"stack{s}_{i}_g", _stacks[s][i].G);
            }
        }
    }

    public override Tensor forward(Tensor input)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor x = input;
        for (int s = 0; s < 3; s++)
        {
            Tensor[] halves = x.chunk(2, 1);
            (Tensor alpha, Tensor beta) = (halves[0], halves[1]);
            foreach ((HandBottleneck f, HandBottleneck g) in _stacks[s])
            {
                alpha = alpha + f.call(beta);
                beta = beta + g.call(alpha);
            }

            x = _layers[s].call(cat([alpha, beta], 1));
            x = s < 2 ? nn.functional.relu(x) : x;
        }

        return Reversible.VoxelShuffle.Apply(x, 2).MoveToOuterDisposeScope();
    }
}
