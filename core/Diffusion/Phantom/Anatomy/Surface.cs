using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>A point's distance to a surface (mm) and the direction away from it (unit length).</summary>
internal readonly record struct Surface(float Distance, Vector3 Normal)
{
    public Surface Moved(float distance) => this with { Distance = Distance + distance };

    public static Surface Nearer(Surface a, Surface b) => a.Distance <= b.Distance ? a : b;

    /// <summary>A sheet that ends: beyond its end (<paramref name="beyond"/> &gt; 0) the distance is to its edge.</summary>
    public static Surface Sheet(float across, Vector3 normal, float beyond)
    {
        float distance = MathF.Abs(across);
        Vector3 away = across < 0 ? -normal : normal;
        return new Surface(beyond > 0 ? MathF.Sqrt(distance * distance + beyond * beyond) : distance, away);
    }
}
