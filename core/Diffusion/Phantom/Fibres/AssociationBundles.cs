using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// Bundles within a hemisphere as curves: cingulum, arcuate, fronto-occipital, longitudinal and uncinate fascicles. Another
/// bundle is one more line of points here (mm in an adult brain, side to the left).
/// </summary>
internal sealed class AssociationBundles : Bundle
{
    private readonly TubeBundle[] _left;
    private readonly TubeBundle[] _right;

    public AssociationBundles(AnatomyFrame frame)
    {
        _left = BundlesOf(frame, "association bundles, left", 1);
        _right = BundlesOf(frame, "association bundles, right", -1);
    }

    public override float At(Vector3 point, in AnatomyPoint anatomy, out Vector3 direction)
    {
        float strongest = 0;
        direction = Vector3.UnitY;
        foreach (TubeBundle bundle in point.X > 0 ? _left : _right)
        {
            float weight = bundle.At(point, anatomy, out Vector3 along);
            if (weight > strongest)
            {
                (strongest, direction) = (weight, along);
            }
        }

        return strongest;
    }

    private static TubeBundle[] BundlesOf(AnatomyFrame frame, string name, float side)
    {
        RandomStream random = frame.RandomFor(name);
        TubeBundle Curve(float radius, float density, params (float X, float Y, float Z)[] points) => new(
            Array.ConvertAll(points, p => frame.Point(side * random.Normal(p.X, 1.2f), random.Normal(p.Y, 2.5f), random.Normal(p.Z, 1.5f))),
            random.Normal(radius, 0.5f) * frame.Size,
            density * random.Normal(1, 0.1f));

        return
        [
            Curve(4, 1.5f, (8, 44, -2), (8, 36, 16), (8, 10, 24), (8, -18, 19), (10, -32, 6), (16, -30, -10)), // cingulum
            Curve(7, 1.2f, (37, 34, 8), (37, 5, 18), (38, -24, 14), (40, -38, 0), (42, -24, -18), (42, -2, -26)), // arcuate
            Curve(6, 1.2f, (22, 54, -6), (30, 26, -14), (34, 0, -16), (33, -30, -8), (22, -62, -2)), // inferior fronto-occipital
            Curve(5, 1.1f, (42, 0, -26), (40, -22, -18), (36, -48, -8), (26, -70, 0)), // inferior longitudinal
            Curve(5, 1.1f, (30, 40, 22), (33, 12, 28), (34, -18, 28), (32, -44, 24)), // superior longitudinal
            Curve(4, 1.2f, (20, 46, -14), (28, 26, -15), (33, 12, -18), (36, 4, -27)), // uncinate
        ];
    }
}
