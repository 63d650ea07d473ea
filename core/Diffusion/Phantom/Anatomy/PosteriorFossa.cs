using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// What lies below the tentorium: cerebellum and brain stem with the fourth ventricle between them, in their fluid. The
/// cerebrum makes room for it.
/// </summary>
internal sealed class PosteriorFossa
{
    // Fluid and tentorium between cerebellum and cerebrum, in mm.
    private const float Gap = 1.6f;

    private readonly Vector3 _ventricleCentre;
    private readonly Vector3 _ventricleSemiAxes;

    public PosteriorFossa(AnatomyFrame frame)
    {
        Cerebellum = new Cerebellum(frame);
        Stem = new BrainStem(frame);
        RandomStream random = frame.RandomFor("fourth ventricle");
        _ventricleCentre = frame.Point(0, random.Normal(-28, 1), random.Normal(-46, 1));
        _ventricleSemiAxes = frame.Point(random.Uniform(4, 7), random.Normal(5, 0.7f), random.Normal(10, 1));
    }

    public Cerebellum Cerebellum { get; }

    public BrainStem Stem { get; }

    /// <summary>Distance of the cerebrum's surface from it: positive where the cerebrum may be.</summary>
    public Surface Clearance(Vector3 point)
    {
        Surface cerebellum = Cerebellum.Depth(point);
        float stem = Stem.FreeDistance(point, Stem.Distance(point));
        return -cerebellum.Distance < stem
            ? new Surface(-cerebellum.Distance - Gap, -cerebellum.Normal)
            : new Surface(stem - Gap, Stem.Outward(point));
    }

    /// <summary>What a point of it consists of; null if it lies in neither cerebellum nor stem.</summary>
    public AnatomyPoint? At(Vector3 point)
    {
        float stem = Stem.Distance(point);
        Surface cerebellum = Cerebellum.Depth(point);
        if (stem >= 0 && cerebellum.Distance < 0)
        {
            return null;
        }

        if (SignedDistance.Ellipsoid(point - _ventricleCentre, _ventricleSemiAxes) < 0)
        {
            return new AnatomyPoint(Tissue.CerebrospinalFluid, default, 0, BelowTentorium: true);
        }

        return stem < 0
            ? new AnatomyPoint(Tissue.White, new Surface(-stem, -Stem.Outward(point)), -stem, BelowTentorium: true)
            : Cerebellum.At(point, cerebellum);
    }

    /// <summary>Distance to the nearer of cerebellum and stem, negative inside.</summary>
    public float Distance(Vector3 point) => MathF.Min(Stem.Distance(point), -Cerebellum.Depth(point).Distance);
}
