using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>Signed distances (mm) to simple shapes, negative inside, and smooth ways to join them.</summary>
internal static class SignedDistance
{
    /// <summary>To an ellipsoid about the origin; exact to first order near its surface.</summary>
    public static float Ellipsoid(Vector3 point, Vector3 semiAxes)
    {
        Vector3 scaled = point / semiAxes;
        float k0 = scaled.Length(), k1 = (scaled / semiAxes).Length();
        return k1 < 1e-6f ? -MathF.Min(semiAxes.X, MathF.Min(semiAxes.Y, semiAxes.Z)) : k0 * (k0 - 1) / k1;
    }

    /// <summary>To a tube of the given radius about a chain of points.</summary>
    public static float Tube(Vector3 point, ReadOnlySpan<Vector3> axis, ReadOnlySpan<float> radii)
    {
        float nearest = float.MaxValue;
        for (int i = 0; i + 1 < axis.Length; i++)
        {
            Vector3 along = axis[i + 1] - axis[i];
            float t = Math.Clamp(Vector3.Dot(point - axis[i], along) / along.LengthSquared(), 0, 1);
            float radius = radii[i] + t * (radii[i + 1] - radii[i]);
            nearest = MathF.Min(nearest, Vector3.Distance(point, axis[i] + t * along) - radius);
        }

        return nearest;
    }

    /// <summary>The smaller of two distances, rounded over a width of <paramref name="width"/> mm where they meet.</summary>
    public static float SmoothMin(float a, float b, float width)
    {
        float h = MathF.Max(width - MathF.Abs(a - b), 0) / width;
        return MathF.Min(a, b) - h * h * width / 4;
    }

    /// <summary>A step from 0 (at −width/2) to 1 (at +width/2) with level ends.</summary>
    public static float Step(float distance, float width)
    {
        float t = Math.Clamp(distance / width + 0.5f, 0, 1);
        return t * t * (3 - 2 * t);
    }
}
