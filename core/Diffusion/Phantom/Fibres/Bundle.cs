using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// A family of fibres that fills part of the white matter. Families overlap; where several are present the fibres
/// cross.
/// </summary>
internal abstract class Bundle
{
    /// <summary>How much of the fibres at a point belong to it, relative to other families: 0 to about 1.</summary>
    /// <param name="point">In mm.</param>
    /// <param name="anatomy">What lies there.</param>
    /// <param name="direction">The fibres' direction, of unit length; its sign has no meaning.</param>
    public abstract float At(Vector3 point, in AnatomyPoint anatomy, out Vector3 direction);

    /// <summary>Borders between bundles are sharp at the scale of a voxel, so that they can be learnt.</summary>
    protected const float BorderWidth = 2.5f;
}
