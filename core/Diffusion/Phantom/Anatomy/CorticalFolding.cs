using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// Sulci of one hemisphere: sheets of fluid that stand on the exposed surface where a band-limited random field is
/// zero, and end at a depth that varies from place to place. The zeros of such a field are evenly spaced winding
/// lines, as sulci are; every seed gives another pattern.
/// </summary>
internal sealed class CorticalFolding
{
    // Waves of this length make sulci some 12 to 15 mm apart at the hull and 8 to 12 mm further down.
    private const float ShortestWave = 17, LongestWave = 21;

    // Beyond the end of the sulci only their distance from deeper structures matters, roughly.
    private const float Beyond = 8;

    private const float Step = 0.5f;

    private readonly ExposedSurface _surface;
    private readonly SmoothField _folds;
    private readonly SmoothField _depth;
    private readonly SmoothField _width;
    private readonly float _meanDepth;
    private readonly float _typicalSlope;
    private readonly Warp _lean;

    public CorticalFolding(AnatomyFrame frame, ExposedSurface surface, string name)
    {
        float size = frame.FoldSize;
        _surface = surface;
        _folds = new SmoothField(frame.Seed.For(name + ", folds"), ShortestWave * size, LongestWave * size, 48);
        _depth = frame.FieldFor(name + ", depth of sulci", 25, 50);
        _width = frame.FieldFor(name + ", width of sulci", 25, 60);
        _meanDepth = frame.RandomFor(name).Normal(14, 1) * size;
        _typicalSlope = 2 * MathF.PI / ((ShortestWave + LongestWave) / 2 * size) * MathF.Sqrt(2f / 3);
        // Sulci are not straight: they lean by a few mm on the way down.
        _lean = new Warp(frame, name + ", lean", 2, 40, 60);
    }

    /// <summary>Distance to the nearest sulcus, negative in its fluid.</summary>
    /// <param name="point">Anywhere in the hemisphere.</param>
    public Surface Distance(Vector3 point)
    {
        Vector3 lean = _lean.At(point) - point;
        Vector3 foot = _surface.Foot(point + lean, out float depth);
        float end = _meanDepth * Math.Clamp(1 + 0.35f * _depth.At(point), 0.4f, 1.5f);
        if (depth > end + Beyond)
        {
            return new Surface(depth - end, Vector3.UnitZ);
        }

        float field = _folds.At(foot, out Vector3 slope);
        Vector3 inwards = point + lean - foot;
        Vector3 along = inwards.LengthSquared() < 1e-6f ? slope : slope - Vector3.Dot(slope, inwards) / inwards.LengthSquared() * inwards;
        Vector3 normal = Vector3.Normalize(along + new Vector3(1e-9f));
        // Below a curved surface feet lie farther apart than points: the slope at the point is measured.
        float ahead = _folds.At(_surface.Foot(point + lean + Step * normal, out _));
        float steepness = (ahead - field) / Step;
        // At a saddle of the field the quotient would make a lake of the sulcus.
        float across = field / MathF.Sqrt(steepness * steepness + 0.2f * _typicalSlope * _typicalSlope);
        float halfWidth = Math.Clamp(0.75f + 0.2f * _width.At(point), 0.4f, 1.2f);
        return Surface.Sheet(across, normal, depth - end).Moved(-halfWidth);
    }
}
