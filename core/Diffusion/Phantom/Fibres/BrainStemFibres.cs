using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>Fibres that ascend and descend in the brain stem beside the corticospinal ones.</summary>
internal sealed class BrainStemFibres(PosteriorFossa fossa) : Bundle
{
    public override float At(Vector3 point, in AnatomyPoint anatomy, out Vector3 direction)
    {
        direction = fossa.Stem.Along(point);
        return 0.8f * SignedDistance.Step(-fossa.Stem.Distance(point), BorderWidth);
    }
}
