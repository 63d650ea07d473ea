using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Benchmarks;

/// <summary>The bottleneck as a TorchSharp user writes it.</summary>
internal sealed class HandBottleneck : nn.Module<Tensor, Tensor>
{
    private readonly Sequential _layers;

    public HandBottleneck(int channels) : base("Bottleneck")
    {
        _layers = nn.Sequential(
            nn.BatchNorm3d(channels), nn.ReLU(), nn.Conv3d(channels, channels, 1L),
            nn.BatchNorm3d(channels), nn.ReLU(), nn.Conv3d(channels, channels, 3L, padding: 1L),
            nn.BatchNorm3d(channels), nn.ReLU(), nn.Conv3d(channels, channels, 1L));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => _layers.call(input);
}
