using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>The lateral fissure of each hemisphere, which sets the temporal lobe apart.</summary>
internal sealed class SylvianFissure
{
    private readonly Side _left;
    private readonly Side _right;

    public SylvianFissure(AnatomyFrame frame)
    {
        _left = new Side(frame, "Sylvian fissure, left");
        _right = new Side(frame, "Sylvian fissure, right");
    }

    /// <summary>Distance from the fluid, negative inside.</summary>
    public Surface Distance(Vector3 point) => (point.X > 0 ? _left : _right).Distance(point);

    /// <summary>Distance from the walls that are folded: it grows fast where the insula or an end comes near.</summary>
    public Surface FoldedWall(Vector3 point) => (point.X > 0 ? _left : _right).FoldedWall(point);

    private sealed class Side
    {
        private readonly float _height, _slope, _front, _back, _insula, _halfWidth, _sway, _unfolded;
        private readonly Vector3 _normal;
        private readonly SmoothField _course;

        public Side(AnatomyFrame frame, string name)
        {
            RandomStream random = frame.RandomFor(name);
            float size = frame.Size;
            _height = random.Normal(-12, 2) * size;
            // It rises to the back.
            _slope = -random.Normal(0.28f, 0.07f);
            _front = random.Normal(40, 3) * size;
            _back = random.Normal(-34, 4) * size;
            _insula = random.Normal(39, 1.5f) * size;
            _halfWidth = random.Uniform(0.9f, 1.7f);
            _unfolded = 5 * size;
            _sway = 2.5f * size;
            _normal = Vector3.Normalize(new Vector3(0, -_slope, 1));
            _course = frame.FieldFor(name, 35, 70);
        }

        public Surface Distance(Vector3 point) =>
            Surface.Sheet(Across(point), _normal, Beyond(point)).Moved(-_halfWidth);

        public Surface FoldedWall(Vector3 point) =>
            Surface.Sheet(Across(point), _normal, 0).Moved(3 * MathF.Max(0, Beyond(point) + _unfolded) - _halfWidth);

        private float Across(Vector3 point) =>
            (point.Z - _height - _slope * point.Y) * _normal.Z + _sway * _course.At(point);

        private float Beyond(Vector3 point) =>
            MathF.Max(_insula - MathF.Abs(point.X), MathF.Max(point.Y - _front, _back - point.Y));
    }
}
