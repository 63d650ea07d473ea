using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>Where the pial surface runs, with all its folds, and how thick the cortex below it is.</summary>
internal sealed class CorticalRibbon
{
    private readonly BrainOutline _outline;
    private readonly InterhemisphericFissure _interhemispheric;
    private readonly SylvianFissure _sylvian;
    private readonly CorticalFolding _left;
    private readonly CorticalFolding _right;
    private readonly SmoothField _thickness;
    private readonly float _meanThickness;
    private readonly CorpusCallosum _callosum;
    private readonly float _size;

    public CorticalRibbon(AnatomyFrame frame, BrainOutline outline, CorpusCallosum callosum)
    {
        _outline = outline;
        _callosum = callosum;
        _size = frame.Size;
        _interhemispheric = new InterhemisphericFissure(frame, callosum);
        _sylvian = new SylvianFissure(frame);
        _left = new CorticalFolding(frame, outline, "cortex, left", 1);
        _right = new CorticalFolding(frame, outline, "cortex, right", -1);
        _thickness = frame.FieldFor("cortical thickness", 40, 90);
        // Fischl and Dale, PNAS 97 (2000): 2 to 4 mm, mean about 2.5 mm, over most of the cortex.
        _meanThickness = frame.RandomFor("cortical thickness").Normal(2.8f, 0.15f);
    }

    /// <summary>Depth below the hull, negative in the subarachnoid space and beyond.</summary>
    public Surface HullDepth(Vector3 point) => _outline.Depth(point);

    /// <summary>Depth below the pial surface, negative in the fluid of sulci and fissures.</summary>
    public Surface PialDepth(Vector3 point, Surface hull)
    {
        Surface open = Surface.Nearer(hull, Surface.Nearer(_interhemispheric.Distance(point), _sylvian.Distance(point)));
        // Sulci end before the callosum and the nuclei, although the fissure's floor is near.
        float shield = MathF.Abs(point.X) < 36 * _size ? 3 * MathF.Max(0, 8 * _size - _callosum.DistanceToCore(point)) : 0;
        Surface sulci = (point.X > 0 ? _left : _right).Distance(point, open.Distance + shield);
        return Surface.Nearer(open, sulci);
    }

    /// <summary>Thickness of the cortex in mm.</summary>
    public float Thickness(Vector3 point) => Math.Clamp(_meanThickness + 0.4f * _thickness.At(point), 2, 4);
}
