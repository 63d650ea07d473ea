using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>Midbrain, pons and medulla: a tube of varying width from the thalami to the spinal cord, thick at the pons.</summary>
internal sealed class BrainStem
{
    private readonly Vector3[] _axis;
    private readonly float[] _radii;
    private readonly float _free;

    public BrainStem(AnatomyFrame frame)
    {
        RandomStream random = frame.RandomFor("brain stem");
        Vector3 Near(float y, float z) => frame.Point(0, random.Normal(y, 1), random.Normal(z, 1));
        float Radius(float adult) => adult * random.Normal(1, 0.06f) * frame.Size;
        _axis = [Near(-13, -22), Near(-14, -30), Near(-10, -42), Near(-17, -60), Near(-22, -92)];
        _radii = [Radius(11), Radius(13), Radius(16), Radius(9), Radius(6)];
        _free = -30 * frame.Size;
    }

    /// <summary>Points along its middle, from the midbrain down.</summary>
    public IReadOnlyList<Vector3> Axis => _axis;

    /// <summary>The middle of the pons.</summary>
    public Vector3 Pons => _axis[2];

    /// <summary>Signed distance, negative inside.</summary>
    public float Distance(Vector3 point) => SignedDistance.Tube(point, _axis, _radii);

    /// <summary>
    /// The same for what stands free of the cerebrum: towards the midbrain, which is part of it, the distance grows.
    /// </summary>
    public float FreeDistance(Vector3 point, float distance) => distance + MathF.Max(0, point.Z - _free);

    /// <summary>The direction of its middle at a point.</summary>
    public Vector3 Along(Vector3 point)
    {
        int i = 0;
        while (i < _axis.Length - 2 && point.Z < _axis[i + 1].Z)
        {
            i++;
        }

        return Vector3.Normalize(_axis[i] - _axis[i + 1]);
    }

    /// <summary>The direction away from its middle.</summary>
    public Vector3 Outward(Vector3 point)
    {
        Vector3 local = (point - Pons) with { Z = 0 };
        return Vector3.Normalize(local + new Vector3(0, 1e-4f, 0));
    }
}
