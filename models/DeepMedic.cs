using Iqt.Reversible;

namespace Iqt.Models;

/// <summary>
/// Two-path network after DeepMedic (Kamnitsas et al. 2017): one path sees the image, the other a subsampled image of a
/// larger surrounding; their outputs meet at the resolution of the first. Of the eight convolutions of each of their paths two
/// are left, with a stack between them.
/// Of 25³ voxels of the image and 11³ of the context, each three times as wide, it labels 21³ voxels.
/// </summary>
[Network("deep-medic")]
public sealed partial class DeepMedic
{
    /// <summary>RevNet blocks per stack.</summary>
    [Hyperparameter(1)]
    public partial int Blocks { get; }

    /// <summary>Classes of voxels.</summary>
    [Hyperparameter(2)]
    public partial int Classes { get; }

    [Input(1)]
    private partial Segment Image { get; }

    [Input(1)]
    private partial Segment Context { get; }

    [From(nameof(Image)), Conv3d(30, Kernel = 3), BatchNorm, PRelu]
    private partial Segment Detail1 { get; }

    [Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment DetailStack { get; }

    [Conv3d(40, Kernel = 3), BatchNorm, PRelu]
    private partial Segment Detail2 { get; }

    [From(nameof(Context)), Conv3d(30, Kernel = 3), BatchNorm, PRelu]
    private partial Segment Surrounding1 { get; }

    [Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment SurroundingStack { get; }

    [Conv3d(40, Kernel = 3), BatchNorm, PRelu, Upsample(3, Mode = Resampling.Nearest)]
    private partial Segment Surrounding2 { get; }

    [Concat(nameof(Detail2), nameof(Surrounding2)), Conv3d(60, Kernel = 1), BatchNorm, PRelu, Dropout(0.5)]
    private partial Segment Joined { get; }

    [Conv3d(nameof(Classes), Kernel = 1)]
    private partial Segment Scores { get; }
}
