using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// The arch of the callosum in the midsagittal plane: the upper half of an ellipse from genu (front) to splenium
/// (back).
/// </summary>
internal sealed class CorpusCallosum
{
    private readonly Vector3 _centre;
    private readonly Vector3 _semiAxes;
    private readonly Vector3 _core;
    private readonly float _halfThickness;
    private readonly float _belowCentre;

    public CorpusCallosum(AnatomyFrame frame)
    {
        RandomStream random = frame.RandomFor("corpus callosum");
        // 70 mm long, body 6 mm thick.
        _centre = frame.Point(0, random.Normal(8, 2), random.Normal(-6, 1.5f));
        _semiAxes = frame.Point(1, random.Normal(34, 2), random.Normal(22, 2));
        _halfThickness = random.Uniform(2.6f, 3.6f) * frame.FoldSize;
        _core = _semiAxes + new Vector3(0, _halfThickness + 4.5f, _halfThickness + 4.5f);
        _belowCentre = 4 * frame.Size;
    }

    /// <summary>Half the thickness of the body in mm; genu and splenium are thicker by half.</summary>
    public float HalfThickness(Vector3 point) =>
        _halfThickness * (1 + 0.5f * SignedDistance.Step(MathF.Abs(point.Y - _centre.Y) - 0.75f * _semiAxes.Y, 0.4f * _semiAxes.Y));

    /// <summary>The middle of the ellipse.</summary>
    public Vector3 Centre => _centre;

    /// <summary>Half the length from genu to splenium in mm.</summary>
    public float HalfLength => _semiAxes.Y;

    /// <summary>Distance from the middle layer of the arch, extended sideways; negative inside the arch.</summary>
    public float DistanceToArch(Vector3 point)
    {
        Vector3 local = point - _centre;
        float inPlane = SignedDistance.Ellipsoid(local with { X = 0 }, _semiAxes);
        float below = -local.Z - _belowCentre;
        return below > 0 ? MathF.CopySign(MathF.Sqrt(inPlane * inPlane + below * below), inPlane) : inPlane;
    }

    /// <summary>
    /// Distance in the midsagittal plane from the region that the interhemispheric fissure leaves out: what the
    /// arch spans, and the stem below; negative inside.
    /// </summary>
    public float DistanceToCore(Vector3 point)
    {
        Vector3 local = (point - _centre) with { X = 0 };
        Vector3 semiAxes = local.Z >= 0 ? _core : _core with { Z = 2.2f * _core.Z };
        return SignedDistance.Ellipsoid(local, semiAxes);
    }
}
