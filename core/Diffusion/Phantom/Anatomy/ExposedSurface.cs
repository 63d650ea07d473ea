using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// The surface that the folds start from: the hull and the walls of the great fissures. The floors of the fissures
/// are not folded, so that no sulcus runs into the callosum or the nuclei beneath them.
/// </summary>
internal sealed class ExposedSurface(AnatomyFrame frame, BrainOutline outline, CorpusCallosum callosum)
{
    // Where two surfaces are about equally near, the way outwards turns from one to the other over this length (mm).
    private readonly float _turn = 7 * frame.FoldSize;
    private readonly InterhemisphericFissure _interhemispheric = new(frame, callosum);
    private readonly SylvianFissure _sylvian = new(frame);

    /// <summary>Depth below the hull, negative in the subarachnoid space and beyond.</summary>
    public Surface HullDepth(Vector3 point) => outline.Depth(point);

    /// <summary>Depth below the nearest of the hull and the fissures, negative in their fluid.</summary>
    public Surface Depth(Vector3 point, Surface hull) =>
        Surface.Nearer(hull, Surface.Nearer(_interhemispheric.Distance(point), _sylvian.Distance(point)));

    /// <summary>Where on the surface a point belongs to, and how deep below the folded part of it the point lies.</summary>
    /// <param name="point">In the brain.</param>
    /// <param name="depth">In mm; large below the floor of a fissure.</param>
    public Vector3 Foot(Vector3 point, out float depth)
    {
        Surface hull = outline.Depth(point);
        Surface medial = _interhemispheric.FoldedWall(point);
        Surface lateral = _sylvian.FoldedWall(point);
        depth = MathF.Max(0, MathF.Min(hull.Distance, MathF.Min(medial.Distance, lateral.Distance)));
        float top = MathF.Exp((depth - hull.Distance) / _turn);
        float middle = MathF.Exp((depth - medial.Distance) / _turn);
        float side = MathF.Exp((depth - lateral.Distance) / _turn);
        Vector3 inwards = (top * hull.Normal + middle * medial.Normal + side * lateral.Normal) / (top + middle + side);
        return point - depth * inwards;
    }
}
