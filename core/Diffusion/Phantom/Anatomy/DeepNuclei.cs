using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>Thalamus, caudate, putamen and pallidum of both sides.</summary>
internal sealed class DeepNuclei
{
    private readonly Side _left;
    private readonly Side _right;
    private readonly Warp _warp;

    public DeepNuclei(AnatomyFrame frame)
    {
        _left = new Side(frame, "deep nuclei, left", 1);
        _right = new Side(frame, "deep nuclei, right", -1);
        _warp = new Warp(frame, "deep nuclei", 1.5f, 25, 50);
    }

    /// <summary>Signed distance to the nearest nucleus, negative inside.</summary>
    public float Distance(Vector3 point) => (point.X > 0 ? _left : _right).Distance(_warp.At(point));

    private sealed class Side
    {
        private readonly (Vector3 Centre, Vector3 SemiAxes)[] _ellipsoids;
        private readonly Vector3[] _caudate;
        private readonly float[] _caudateRadii;

        public Side(AnatomyFrame frame, string name, float side)
        {
            RandomStream random = frame.RandomFor(name);
            Vector3 Near(float x, float y, float z) =>
                frame.Point(side * random.Normal(x, 0.7f), random.Normal(y, 1.5f), random.Normal(z, 1.2f));
            Vector3 About(float x, float y, float z) =>
                frame.Point(x * random.Normal(1, 0.1f), y * random.Normal(1, 0.1f), z * random.Normal(1, 0.1f));

            _ellipsoids =
            [
                (Near(11, -7, -4), About(7.5f, 14, 9)), // thalamus
                (Near(29, 10, -6), About(5.5f, 17, 11)), // putamen
                (Near(23, 8, -8), About(3.5f, 10, 7)), // pallidum
            ];
            _caudate = [Near(15, 33, 0), Near(17, 14, 8), Near(20, -10, 10), Near(27, -24, 4)];
            _caudateRadii = [5.5f * frame.Size, 4.2f * frame.Size, 2.6f * frame.Size, 1.8f * frame.Size];
        }

        public float Distance(Vector3 point)
        {
            float nearest = SignedDistance.Tube(point, _caudate, _caudateRadii);
            foreach ((Vector3 centre, Vector3 semiAxes) in _ellipsoids)
            {
                nearest = MathF.Min(nearest, SignedDistance.Ellipsoid(point - centre, semiAxes));
            }

            return nearest;
        }
    }
}
