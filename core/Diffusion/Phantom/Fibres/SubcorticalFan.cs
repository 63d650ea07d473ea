using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>Fibres on their last way to the cortex: up the white matter of a gyrus, then into its walls at a right angle.</summary>
internal sealed class SubcorticalFan(AnatomyFrame frame) : Bundle
{
    // In mm below the border of grey and white matter.
    private const float Reach = 6, BendLength = 1.8f;

    // So that every point of the white matter has fibres.
    private const float Background = 0.15f;

    private readonly Vector3 _hemisphere = frame.Point(24, 0, 2);
    private readonly float _size = frame.Size;

    public override float At(Vector3 point, in AnatomyPoint anatomy, out Vector3 direction)
    {
        Vector3 middle = _hemisphere with { X = MathF.CopySign(_hemisphere.X, point.X) };
        Vector3 centre = middle with { Y = Math.Clamp(point.Y, -40 * _size, 40 * _size) };
        Vector3 outward = Vector3.Normalize(point - centre + new Vector3(0, 0, 1e-3f));
        Vector3 inward = Vector3.Dot(anatomy.Pia.Normal, outward) > 0 ? -anatomy.Pia.Normal : anatomy.Pia.Normal;
        float bend = MathF.Exp(-anatomy.BelowCortex / BendLength);
        direction = Vector3.Normalize(Vector3.Lerp(outward, -inward, 0.85f * bend));
        return anatomy.BelowTentorium ? Background : Background + SignedDistance.Step(Reach - anatomy.BelowCortex, Reach);
    }
}
