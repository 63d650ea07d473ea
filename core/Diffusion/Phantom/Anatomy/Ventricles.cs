using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>Lateral ventricles (frontal, occipital and temporal horns) and the third ventricle.</summary>
internal sealed class Ventricles
{
    private readonly Horns _left;
    private readonly Horns _right;
    private readonly Vector3 _thirdCentre;
    private readonly Vector3 _thirdSemiAxes;
    private readonly Warp _warp;

    public Ventricles(AnatomyFrame frame)
    {
        RandomStream random = frame.RandomFor("ventricles");
        // Their volume varies several-fold between healthy adults; the sides differ less.
        float width = random.Uniform(0.75f, 1.45f);
        _left = new Horns(frame, "ventricle, left", 1, width);
        _right = new Horns(frame, "ventricle, right", -1, width);
        _thirdCentre = frame.Point(0, random.Normal(4, 1), random.Normal(-9, 1));
        _thirdSemiAxes = frame.Point(random.Uniform(1.8f, 3.4f), random.Normal(13, 1), random.Normal(9, 1));
        _warp = new Warp(frame, "ventricles", 1.5f, 25, 50);
    }

    /// <summary>Signed distance, negative inside.</summary>
    public float Distance(Vector3 point)
    {
        Vector3 warped = _warp.At(point);
        float lateral = (point.X > 0 ? _left : _right).Distance(warped);
        return MathF.Min(lateral, SignedDistance.Ellipsoid(warped - _thirdCentre, _thirdSemiAxes));
    }

    private sealed class Horns
    {
        private readonly Vector3[] _body;
        private readonly float[] _bodyRadii;
        private readonly Vector3[] _occipital;
        private readonly float[] _occipitalRadii;

        public Horns(AnatomyFrame frame, string name, float side, float width)
        {
            RandomStream random = frame.RandomFor(name);
            Vector3 Near(float x, float y, float z) =>
                frame.Point(side * random.Normal(x, 0.8f), random.Normal(y, 2), random.Normal(z, 1));
            float Radius(float adult) => adult * width * random.Normal(1, 0.12f) * frame.Size;

            Vector3 atrium = Near(24, -30, -2);
            _body = [Near(11, 36, 1), Near(8.5f, 20, 7), Near(9, 0, 9), Near(15, -18, 7), atrium, Near(32, -16, -17), Near(31, 2, -22)];
            _bodyRadii = [Radius(4.5f), Radius(4.5f), Radius(4), Radius(4.5f), Radius(6), Radius(3), Radius(1.8f)];
            _occipital = [atrium, Near(23, random.Normal(-50, 5), -2)];
            _occipitalRadii = [Radius(5.5f), Radius(2)];
        }

        public float Distance(Vector3 point) => SignedDistance.SmoothMin(
            SignedDistance.Tube(point, _body, _bodyRadii), SignedDistance.Tube(point, _occipital, _occipitalRadii), 3);
    }
}
