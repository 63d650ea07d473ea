using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>The fluid-filled gap between the hemispheres, from the hull down to the callosum and the stem.</summary>
internal sealed class InterhemisphericFissure
{
    private readonly CorpusCallosum _callosum;
    private readonly SmoothField _course;
    private readonly float _sway;
    private readonly float _halfWidth;
    private readonly float _unfolded;

    public InterhemisphericFissure(AnatomyFrame frame, CorpusCallosum callosum)
    {
        _callosum = callosum;
        _course = frame.FieldFor("interhemispheric fissure", 50, 100);
        _unfolded = 8 * frame.Size;
        _sway = 1.0f * frame.Size;
        _halfWidth = frame.RandomFor("interhemispheric fissure").Uniform(0.7f, 1.3f);
    }

    /// <summary>Distance from the fluid, negative inside.</summary>
    public Surface Distance(Vector3 point) =>
        Surface.Sheet(Across(point), Vector3.UnitX, -_callosum.DistanceToCore(point)).Moved(-_halfWidth);

    /// <summary>Distance from the walls that are folded: it grows fast where the floor comes near.</summary>
    public Surface FoldedWall(Vector3 point)
    {
        float shield = 3 * MathF.Max(0, _unfolded - _callosum.DistanceToCore(point));
        return Surface.Sheet(Across(point), Vector3.UnitX, 0).Moved(shield - _halfWidth);
    }

    private float Across(Vector3 point) => point.X - _sway * _course.At(point with { X = 0 });
}
