using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>The residual functions on half the channels, as ordinary sequences.</summary>
internal static class ResidualFunctions
{
    public static nn.Module<Tensor, Tensor> Bottleneck(int channels) => nn.Sequential(
        ("reduce", Preactivated(channels, 1)),
        ("spatial", Preactivated(channels, 3)),
        ("expand", Preactivated(channels, 1)));

    public static nn.Module<Tensor, Tensor> Basic(int channels) => nn.Sequential(
        ("first", Preactivated(channels, 3)),
        ("second", Preactivated(channels, 3)));

    public static nn.Module<Tensor, Tensor> Basic2d(int channels)
    {
        nn.Module<Tensor, Tensor> Layer() => nn.Sequential(
            ("norm", nn.BatchNorm2d(channels)),
            ("relu", nn.ReLU()),
            ("conv", nn.Conv2d(channels, channels, 3, padding: 1, bias: false)));
        return nn.Sequential(("first", Layer()), ("second", Layer()));
    }

    public static nn.Module<Tensor, Tensor> InstanceNormalized(int channels) => nn.Sequential(("only", nn.Sequential(
        ("norm", nn.InstanceNorm3d(channels, affine: true)),
        ("relu", nn.LeakyReLU(0.01)),
        ("conv", nn.Conv3d(channels, channels, 3, padding: 1)))));

    /// <param name="channels">Kept.</param>
    /// <param name="stream">Of the dropout's random numbers.</param>
    public static nn.Module<Tensor, Tensor> Grouped(int channels, int stream) => nn.Sequential(("only", nn.Sequential(
        ("norm", nn.GroupNorm(2, channels)),
        ("prelu", nn.PReLU(channels)),
        ("dropout", new SeededDropout(0.2, stream)),
        ("conv", nn.Conv3d(channels, channels, 3, padding: 2, dilation: 2, groups: 2)))));

    private static nn.Module<Tensor, Tensor> Preactivated(int channels, int kernel) => nn.Sequential(
        ("norm", nn.BatchNorm3d(channels)),
        ("relu", nn.ReLU()),
        ("conv", nn.Conv3d(channels, channels, kernel, padding: kernel / 2)));
}
