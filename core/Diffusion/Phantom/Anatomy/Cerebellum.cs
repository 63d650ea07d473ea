using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// Both cerebellar hemispheres and the vermis between them. Fissures are sheets that hold the left-right axis and fan
/// out from the middle, so that the folia between them run from side to side and their white matter branches like a
/// tree (the arbor vitae); the dentate nuclei lie deep in each side.
/// </summary>
internal sealed class Cerebellum
{
    // A folium is 4 to 6 mm wide with its fissure; its cortex is about 1 mm thick (Sereno et al., PNAS 117 (2020), have
    // finer ones still, which no diffusion scan sees).
    private const float FoliumWidth = 5.5f, CortexThickness = 1.1f, HalfFissure = 0.35f;

    private readonly Vector3 _centre;
    private readonly Vector3 _semiAxes;
    private readonly Vector3 _leftDentate;
    private readonly Vector3 _rightDentate;
    private readonly Vector3 _dentateSemiAxes;
    private readonly SmoothField _course;
    private readonly SmoothField _depth;
    private readonly Warp _warp;
    private readonly float _notch;
    private readonly float _fissures;
    private readonly float _size;

    public Cerebellum(AnatomyFrame frame)
    {
        RandomStream random = frame.RandomFor("cerebellum");
        _size = frame.Size;
        _centre = frame.Point(0, random.Normal(-51, 1.5f), random.Normal(-47, 1.5f));
        // 100 mm wide, 58 from front to back, 46 high.
        _semiAxes = frame.Point(random.Normal(50, 1.5f), random.Normal(29, 1.2f), random.Normal(23, 1));
        Vector3 dentate = frame.Point(random.Normal(15, 1), random.Normal(-3, 1), random.Normal(0, 1));
        _leftDentate = _centre + dentate;
        _rightDentate = _centre + dentate * new Vector3(-1, 1, 1);
        _dentateSemiAxes = frame.Point(6, 8, 4);
        _course = frame.FieldFor("fissures of the cerebellum", 22, 45, 16);
        _depth = frame.FieldFor("depth of the cerebellum's fissures", 18, 40);
        _warp = new Warp(frame, "cerebellum", 1.5f, 30, 60);
        _notch = random.Normal(4, 0.7f) * frame.Size;
        // Half a turn of the mean surface, in folia; smaller brains have fewer.
        _fissures = MathF.Round(MathF.PI * (_semiAxes.Y + _semiAxes.Z) / 2 / (FoliumWidth * frame.FoldSize));
    }

    /// <summary>The middle, where its white matter comes together.</summary>
    public Vector3 Centre => _centre;

    /// <summary>Depth below its hull, positive inside.</summary>
    public Surface Depth(Vector3 point)
    {
        Vector3 straight = point - _centre;
        float far = SignedDistance.Ellipsoid(straight, _semiAxes);
        if (far > 12 * _size)
        {
            // Out here only the distance matters, roughly.
            return new Surface(-far, -Vector3.Normalize(straight));
        }

        Vector3 local = _warp.At(point) - _centre;
        float across = local.X / (9 * _size);
        // The notches between the hemispheres, behind and below.
        float notch = _notch * MathF.Exp(-across * across) * SignedDistance.Step(-local.Y - local.Z, 20 * _size);
        Vector3 inward = -Vector3.Normalize(local / (_semiAxes * _semiAxes) + new Vector3(0, 1e-9f, 0));
        return new Surface(-SignedDistance.Ellipsoid(local, _semiAxes) - notch, inward);
    }

    /// <summary>What a point below the hull consists of, and how it lies to the cerebellum's cortex.</summary>
    public AnatomyPoint At(Vector3 point, Surface hull)
    {
        Surface pia = Surface.Nearer(hull, Fissure(point, hull.Distance));
        if (pia.Distance < 0)
        {
            return new AnatomyPoint(Tissue.CerebrospinalFluid, pia, 0, BelowTentorium: true);
        }

        float below = pia.Distance - CortexThickness;
        Tissue tissue = below < 0 ? Tissue.CorticalGrey
            : Dentate(point) < 0 ? Tissue.DeepGrey
            : Tissue.White;
        return new AnatomyPoint(tissue, pia, MathF.Max(below, 0), BelowTentorium: true);
    }

    private Surface Fissure(Vector3 point, float depth)
    {
        Vector3 local = point - _centre;
        float height = local.Z * _semiAxes.Y / _semiAxes.Z;
        float radius = MathF.Sqrt(local.Y * local.Y + height * height) + 1e-3f;
        float angle = MathF.Atan2(height, -local.Y) / MathF.PI * _fissures + 0.35f * _course.At(point);
        float number = MathF.Round(angle);
        // Every third fissure is a deep one that parts lobules.
        float end = ((int)number % 3 == 0 ? 13 : 7) * _size * Math.Clamp(1 + 0.3f * _depth.At(point), 0.5f, 1.5f);
        float width = MathF.PI * radius / _fissures;
        Vector3 around = Vector3.Normalize(new Vector3(0, height, -local.Y) + new Vector3(0, 0, 1e-4f));
        return Surface.Sheet((angle - number) * width, around, depth - end).Moved(-HalfFissure);
    }

    private float Dentate(Vector3 point) =>
        SignedDistance.Ellipsoid(point - (point.X > 0 ? _leftDentate : _rightDentate), _dentateSemiAxes);
}
