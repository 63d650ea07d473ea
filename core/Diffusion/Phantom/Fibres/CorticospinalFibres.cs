using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// Fibres between the stem and the cortex: together in the internal capsule, fanning out above it (the corona
/// radiata).
/// </summary>
internal sealed class CorticospinalFibres : Bundle
{
    private readonly Side _left;
    private readonly Side _right;

    public CorticospinalFibres(AnatomyFrame frame)
    {
        _left = new Side(frame, "corticospinal fibres, left", 1);
        _right = new Side(frame, "corticospinal fibres, right", -1);
    }

    public override float At(Vector3 point, in AnatomyPoint anatomy, out Vector3 direction) =>
        (point.X > 0 ? _left : _right).At(point, out direction);

    private sealed class Side
    {
        private readonly Vector3 _stem;
        private readonly Vector3 _capsule;
        private readonly float _narrow;
        private readonly float _spread;

        public Side(AnatomyFrame frame, string name, float side)
        {
            RandomStream random = frame.RandomFor(name);
            _stem = frame.Point(side * random.Normal(9, 1), random.Normal(-14, 2), -62);
            _capsule = frame.Point(side * random.Normal(23, 1), random.Normal(-3, 2), random.Normal(6, 2)) - _stem;
            _narrow = random.Normal(6.5f, 0.6f) * frame.Size;
            _spread = random.Normal(0.85f, 0.1f);
        }

        public float At(Vector3 point, out Vector3 direction)
        {
            Vector3 local = point - _stem;
            float length = _capsule.Length();
            Vector3 axis = _capsule / length;
            float along = Vector3.Dot(local, axis);
            // Up to the capsule the fibres run together, above they spread from a point below it.
            float above = MathF.Max(along - 0.85f * length, 0);
            float distance = (local - along * axis).Length();
            float radius = _narrow + _spread * above;
            direction = Vector3.Normalize(axis + (local - along * axis) / radius * MathF.Min(above / _narrow, 1) * _spread);
            return SignedDistance.Step(radius - distance, BorderWidth + 0.15f * above) * 0.9f;
        }
    }
}
