using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// Sulci of one hemisphere: sheets of fluid where a band-limited random field on the hull is zero, run down
/// towards the middle of the hemisphere and end at a depth that varies from place to place. The zeros of such a
/// field are evenly spaced winding lines, as sulci are; every seed gives another pattern.
/// </summary>
internal sealed class CorticalFolding
{
    // Zeros of the field lie √3/2 of its wave length apart: gyri about 13 mm wide.
    private const float ShortestWave = 13.5f, LongestWave = 18;

    private readonly Vector3 _centre;
    private readonly Vector3 _semiAxes;
    private readonly SmoothField _folds;
    private readonly SmoothField _depth;
    private readonly SmoothField _width;
    private readonly float _meanDepth;
    private readonly float _steepness;
    private readonly Warp _lean;

    public CorticalFolding(AnatomyFrame frame, BrainOutline outline, string name, float side)
    {
        float size = frame.FoldSize;
        _centre = frame.Point(side * 26, 0, 2);
        _semiAxes = outline.SemiAxes with { X = outline.SemiAxes.X * 0.6f };
        _folds = new SmoothField(frame.Seed.For(name + ", folds"), ShortestWave * size, LongestWave * size, 40);
        _depth = frame.FieldFor(name + ", depth of sulci", 30, 60);
        _width = frame.FieldFor(name + ", width of sulci", 25, 60);
        _meanDepth = frame.RandomFor(name).Normal(15, 1) * size;
        _steepness = 2 * MathF.PI / (16 * size) * MathF.Sqrt(2f / 3);
        // Sulci are not straight: they lean by a few mm on the way down.
        _lean = new Warp(frame, name + ", lean", 2, 40, 60);
    }

    /// <summary>Distance to the nearest sulcus, negative in its fluid.</summary>
    /// <param name="point">Anywhere in the hemisphere.</param>
    /// <param name="depth">Below the hull or the walls of the great fissures, in mm.</param>
    public Surface Distance(Vector3 point, float depth)
    {
        Vector3 local = _lean.At(point) - _centre;
        Vector3 pull = local / (_semiAxes * _semiAxes);
        float radius = MathF.Max(MathF.Sqrt(Vector3.Dot(local, pull)), 0.15f);
        float field = _folds.At(local / radius, out Vector3 slope);
        // The chain rule through the projection onto the ellipsoid.
        Vector3 gradient = (slope - pull * (Vector3.Dot(local, slope) / (radius * radius))) / radius;
        float steepness = gradient.Length();
        // At a saddle of the field the quotient would make a lake of the sulcus.
        float across = field / MathF.Sqrt(steepness * steepness + 0.2f * _steepness * _steepness);
        Vector3 normal = steepness > 1e-6f ? gradient / steepness : Vector3.UnitZ;
        float end = _meanDepth * Math.Clamp(1 + 0.3f * _depth.At(point), 0.4f, 1.5f);
        float halfWidth = Math.Clamp(0.75f + 0.2f * _width.At(point), 0.4f, 1.2f);
        return Surface.Sheet(across, normal, depth - end).Moved(-halfWidth);
    }
}
