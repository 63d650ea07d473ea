using Iqt.Reversible;

namespace Iqt.Models;

/// <summary>The basic residual function of RevNets in 2D: two pre-activated 3² convolutions (Gomez et al. 2017, section 3).</summary>
[ResidualFunction]
public sealed partial class Basic2d
{
    [BatchNorm, Relu, Conv2d(Kernel = 3, Padding = 1, Bias = false)]
    private partial Layers First { get; }

    [BatchNorm, Relu, Conv2d(Kernel = 3, Padding = 1, Bias = false)]
    private partial Layers Second { get; }
}

/// <summary>
/// Classifier of small images after RevNet-38 (Gomez et al. 2017, table 1: 32, 64 and 112 channels, three blocks a stage).
/// Theirs makes the first block of the second and third stage strided, and so not reversible; here a strided convolution
/// comes before three reversible ones. Blocks=9 and Width3=128 are after RevNet-110.
/// </summary>
[Network("revnet", InputChannels = 3, Dimensions = 2)]
public sealed partial class RevNet
{
    /// <summary>RevNet blocks per stage: 3 for RevNet-38, 9 for RevNet-110.</summary>
    [Hyperparameter(3)]
    public partial int Blocks { get; }

    /// <summary>Channels of the third stage; even.</summary>
    [Hyperparameter(112)]
    public partial int Width3 { get; }

    /// <summary>Classes of images.</summary>
    [Hyperparameter(10)]
    public partial int Classes { get; }

    [Conv2d(32, Kernel = 3, Padding = 1, Bias = false)]
    private partial Segment Stem { get; }

    [Stack<Basic2d>(nameof(Blocks))]
    private partial Segment Stage1 { get; }

    [BatchNorm, Relu, Conv2d(64, Kernel = 3, Stride = 2, Padding = 1, Bias = false)]
    private partial Segment Down1 { get; }

    [Stack<Basic2d>(nameof(Blocks))]
    private partial Segment Stage2 { get; }

    [BatchNorm, Relu, Conv2d(nameof(Width3), Kernel = 3, Stride = 2, Padding = 1, Bias = false)]
    private partial Segment Down2 { get; }

    [Stack<Basic2d>(nameof(Blocks))]
    private partial Segment Stage3 { get; }

    [BatchNorm, Relu, GlobalAvgPool, Conv2d(nameof(Classes), Kernel = 1)]
    private partial Segment Classifier { get; }
}
