namespace Iqt.Diffusion.Phantom;

/// <summary>How large and how finely sampled a phantom is.</summary>
public enum PhantomScale
{
    /// <summary>32×38×32 voxels of 2.5 mm: a brain of less than half the size with fewer folds, for tests.</summary>
    Tiny,

    /// <summary>73×87×73 voxels of 2.5 mm: a whole brain.</summary>
    Half,

    /// <summary>145×174×145 voxels of 1.25 mm: a whole brain at the resolution of HCP.</summary>
    Full,
}
