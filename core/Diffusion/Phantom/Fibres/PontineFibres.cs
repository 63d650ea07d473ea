using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// Fibres across the front of the pons and on into the cerebellum through the middle peduncles: they cross the
/// corticospinal fibres at a right angle.
/// </summary>
internal sealed class PontineFibres : Bundle
{
    private readonly TubeBundle _arch;

    public PontineFibres(AnatomyFrame frame, PosteriorFossa fossa)
    {
        Vector3 pons = fossa.Stem.Pons, cerebellum = fossa.Cerebellum.Centre;
        Vector3 Side(float side, float x, float forward) =>
            Vector3.Lerp(cerebellum, pons, forward) + frame.Point(side * x, 0, 0);

        RandomStream random = frame.RandomFor("pontine fibres");
        Vector3 front = pons + frame.Point(0, random.Normal(7, 0.7f), 0);
        _arch = new TubeBundle(
            [Side(1, 20, 0.1f), Side(1, 23, 0.5f), Side(1, 15, 0.95f), front, Side(-1, 15, 0.95f), Side(-1, 23, 0.5f), Side(-1, 20, 0.1f)],
            random.Normal(8, 0.5f) * frame.Size,
            1.6f);
    }

    public override float At(Vector3 point, in AnatomyPoint anatomy, out Vector3 direction)
    {
        float weight = _arch.At(point, anatomy, out direction);
        return anatomy.BelowTentorium ? weight : 0;
    }
}
