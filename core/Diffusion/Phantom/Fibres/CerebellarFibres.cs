using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>Fibres from the middle of the cerebellum out into its folia, between two fissures and along them.</summary>
internal sealed class CerebellarFibres(PosteriorFossa fossa) : Bundle
{
    public override float At(Vector3 point, in AnatomyPoint anatomy, out Vector3 direction)
    {
        Vector3 local = point - fossa.Cerebellum.Centre;
        // Out to the sides first, then within the plane of the folium.
        Vector3 outward = Vector3.Normalize(local * new Vector3(0.6f, 1, 1) + new Vector3(0, 0, 1e-3f));
        // Near the cortex fibres leave the wall of a fissure, as under the cerebrum's.
        float bend = 0.5f * MathF.Exp(-anatomy.BelowCortex);
        Vector3 wall = Vector3.Dot(anatomy.Pia.Normal, outward) > 0 ? anatomy.Pia.Normal : -anatomy.Pia.Normal;
        direction = Vector3.Normalize(Vector3.Lerp(outward, wall, bend));
        return anatomy.BelowTentorium ? 1.2f * SignedDistance.Step(fossa.Cerebellum.Depth(point).Distance, BorderWidth) : 0;
    }
}
