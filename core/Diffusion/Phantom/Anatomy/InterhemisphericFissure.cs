using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>The fluid-filled gap between the hemispheres, from the hull down to the callosum and the stem.</summary>
internal sealed class InterhemisphericFissure
{
    private readonly CorpusCallosum _callosum;
    private readonly SmoothField _course;
    private readonly float _sway;
    private readonly float _halfWidth;

    public InterhemisphericFissure(AnatomyFrame frame, CorpusCallosum callosum)
    {
        _callosum = callosum;
        _course = frame.FieldFor("interhemispheric fissure", 50, 100);
        _sway = 1.0f * frame.Size;
        _halfWidth = frame.RandomFor("interhemispheric fissure").Uniform(0.7f, 1.3f);
    }

    public Surface Distance(Vector3 point)
    {
        float across = point.X - _sway * _course.At(point with { X = 0 });
        return Surface.Sheet(across, Vector3.UnitX, -_callosum.DistanceToCore(point)).Moved(-_halfWidth);
    }
}
