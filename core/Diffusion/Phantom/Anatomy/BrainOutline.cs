using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// The smooth hull of the cerebrum: an ellipsoid with a flattened base and bulging lobes, hollowed where the posterior
/// fossa lies.
/// </summary>
internal sealed class BrainOutline
{
    /// <summary>Thickness of the subarachnoid fluid around the hull in mm.</summary>
    public const float SubarachnoidThickness = 2.2f;

    private readonly float _base;
    private readonly float _rounding;
    private readonly float _bulge;
    private readonly SmoothField _lobes;
    private readonly PosteriorFossa _fossa;
    private readonly float _tentorium;

    public BrainOutline(AnatomyFrame frame, PosteriorFossa fossa)
    {
        _fossa = fossa;
        _tentorium = 5 * frame.Size;
        RandomStream random = frame.RandomFor("outline");
        // 132 × 164 × 116 mm, within the adult range; deviation 3 %.
        SemiAxes = frame.Point(random.Normal(66, 2), random.Normal(82, 2.5f), random.Normal(60, 2));
        _base = -random.Normal(44, 1.5f) * frame.Size;
        _rounding = 18 * frame.Size;
        _bulge = 1.6f * frame.Size;
        _lobes = frame.FieldFor("lobes", 50, 90, 16);
    }

    public Vector3 SemiAxes { get; }

    /// <summary>Depth below the hull, positive inside.</summary>
    public Surface Depth(Vector3 point)
    {
        float ellipsoid = SignedDistance.Ellipsoid(point, SemiAxes);
        float depth = SignedDistance.SmoothMin(-ellipsoid, point.Z - _base, _rounding);
        Vector3 inward = -Vector3.Normalize(point / (SemiAxes * SemiAxes) + new Vector3(0, 1e-9f, 0));
        float atBase = SignedDistance.Step(-ellipsoid - (point.Z - _base), _rounding);
        Vector3 normal = Vector3.Normalize(Vector3.Lerp(inward, Vector3.UnitZ, atBase));
        depth += _bulge * _lobes.At(point);
        Surface clearance = _fossa.Clearance(point);
        if (clearance.Distance > depth + _tentorium)
        {
            return new Surface(depth, normal);
        }

        float atTentorium = SignedDistance.Step(depth - clearance.Distance, 2 * _tentorium);
        return new Surface(
            SignedDistance.SmoothMin(depth, clearance.Distance, _tentorium),
            Vector3.Normalize(Vector3.Lerp(normal, clearance.Normal, atTentorium) + new Vector3(0, 0, 1e-6f)));
    }

    /// <summary>Whether a point is so far out that no structure of the head reaches it.</summary>
    public bool IsFarOutside(Vector3 point, float margin) =>
        SignedDistance.Ellipsoid(point, SemiAxes) > margin + SubarachnoidThickness + 3.5f * _bulge;
}
