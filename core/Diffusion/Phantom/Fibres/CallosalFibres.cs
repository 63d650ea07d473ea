using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// Fibres through the callosum: across the midline in its arch, then upwards, and forwards and backwards from genu
/// and splenium (the forceps).
/// </summary>
internal sealed class CallosalFibres : Bundle
{
    private readonly CorpusCallosum _callosum;
    private readonly float _reach;
    private readonly float _flat;
    private readonly float _fan;
    private readonly float _size;

    public CallosalFibres(AnatomyFrame frame, CorpusCallosum callosum)
    {
        RandomStream random = frame.RandomFor("callosal fibres");
        _callosum = callosum;
        _size = frame.Size;
        _reach = random.Normal(34, 3) * frame.Size;
        _flat = random.Normal(8, 1.5f) * frame.Size;
        _fan = random.Normal(0.9f, 0.15f);
    }

    public override float At(Vector3 point, in AnatomyPoint anatomy, out Vector3 direction)
    {
        float lateral = MathF.Abs(point.X);
        float rise = MathF.PI / 2 * 0.9f * SignedDistance.Step(lateral - _flat - _reach / 2, _reach);
        float forward = _fan * (point.Y - _callosum.Centre.Y) / _callosum.HalfLength * MathF.Min(lateral / (20 * _size), 1);
        direction = Vector3.Normalize(new Vector3(MathF.CopySign(MathF.Cos(rise), point.X), forward, MathF.Sin(rise)));

        float signed = _callosum.DistanceToArch(point);
        float arch = SignedDistance.Step(_callosum.HalfThickness(point) - MathF.Abs(signed), BorderWidth);
        float nearMidline = SignedDistance.Step(_reach * 0.6f - lateral, 12 * _size);
        // Beyond the roof of the ventricles the fibres spread above the arch.
        float above = SignedDistance.Step(signed, 2 * BorderWidth) * SignedDistance.Step(lateral - 7 * _size, 6 * _size);
        float spread = 0.6f * above * SignedDistance.Step(_reach + _flat - lateral, 10 * _size);
        return 3 * arch * nearMidline + spread;
    }
}
