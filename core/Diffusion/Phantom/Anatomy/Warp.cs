using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>A smooth random displacement, so that no structure keeps the shape of its formula.</summary>
internal sealed class Warp(AnatomyFrame frame, string name, float amplitude, float shortest, float longest)
{
    private readonly SmoothField _x = frame.FieldFor(name + ", x", shortest, longest);
    private readonly SmoothField _y = frame.FieldFor(name + ", y", shortest, longest);
    private readonly SmoothField _z = frame.FieldFor(name + ", z", shortest, longest);
    private readonly float _amplitude = amplitude * frame.Size;

    public Vector3 At(Vector3 point) =>
        point + _amplitude * new Vector3(_x.At(point), _y.At(point), _z.At(point));
}
