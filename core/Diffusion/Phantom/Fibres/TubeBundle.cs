using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>A bundle about a curve, such as the cingulum: fibres run along the curve and fill a tube around it.</summary>
internal sealed class TubeBundle : Bundle
{
    private readonly Vector3[] _axis;
    private readonly Vector3[] _tangents;
    private readonly float _radius;
    private readonly float _density;

    /// <param name="axis">Points along the curve in mm.</param>
    /// <param name="radius">Of the tube in mm.</param>
    /// <param name="density">Relative to other bundles that cross it.</param>
    public TubeBundle(Vector3[] axis, float radius, float density)
    {
        _axis = axis;
        _radius = radius;
        _density = density;
        _tangents = new Vector3[axis.Length];
        for (int i = 0; i < axis.Length; i++)
        {
            _tangents[i] = Vector3.Normalize(axis[Math.Min(i + 1, axis.Length - 1)] - axis[Math.Max(i - 1, 0)]);
        }
    }

    public override float At(Vector3 point, in AnatomyPoint anatomy, out Vector3 direction)
    {
        float nearest = float.MaxValue;
        direction = _tangents[0];
        for (int i = 0; i + 1 < _axis.Length; i++)
        {
            Vector3 along = _axis[i + 1] - _axis[i];
            float t = Math.Clamp(Vector3.Dot(point - _axis[i], along) / along.LengthSquared(), 0, 1);
            float distance = Vector3.Distance(point, _axis[i] + t * along);
            if (distance < nearest)
            {
                nearest = distance;
                direction = Vector3.Lerp(_tangents[i], _tangents[i + 1], t);
            }
        }

        direction = Vector3.Normalize(direction);
        return _density * SignedDistance.Step(_radius - nearest, BorderWidth);
    }
}
