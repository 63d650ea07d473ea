using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>Where the pial surface runs, with all its folds, and how thick the cortex below it is.</summary>
internal sealed class CorticalRibbon
{
    private readonly ExposedSurface _surface;
    private readonly CorticalFolding _left;
    private readonly CorticalFolding _right;
    private readonly SmoothField _thickness;
    private readonly float _meanThickness;

    public CorticalRibbon(AnatomyFrame frame, ExposedSurface surface)
    {
        _surface = surface;
        _left = new CorticalFolding(frame, surface, "cortex, left");
        _right = new CorticalFolding(frame, surface, "cortex, right");
        _thickness = frame.FieldFor("cortical thickness", 40, 90);
        // Fischl and Dale, PNAS 97 (2000): 2 to 4 mm, mean about 2.5 mm, over most of the cortex.
        _meanThickness = frame.RandomFor("cortical thickness").Normal(2.8f, 0.15f);
    }

    /// <summary>Depth below the pial surface, negative in the fluid of sulci and fissures.</summary>
    public Surface PialDepth(Vector3 point, Surface hull)
    {
        Surface open = _surface.Depth(point, hull);
        return open.Distance < 0 ? open : Surface.Nearer(open, (point.X > 0 ? _left : _right).Distance(point));
    }

    /// <summary>Thickness of the cortex in mm.</summary>
    public float Thickness(Vector3 point) => Math.Clamp(_meanThickness + 0.4f * _thickness.At(point), 2, 4);
}
