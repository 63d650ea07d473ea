using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>All fibre families of a subject. To add one, add it to the list here.</summary>
internal sealed class FibreArchitecture
{
    private readonly Bundle[] _bundles;
    private readonly Warp _turning;
    private readonly float _size;

    public FibreArchitecture(AnatomyFrame frame, HeadAnatomy anatomy)
    {
        _bundles =
        [
            new CallosalFibres(frame, anatomy.Callosum),
            new CorticospinalFibres(frame),
            new AssociationBundles(frame),
            new SubcorticalFan(frame),
            new BrainStemFibres(anatomy.Fossa),
            new PontineFibres(frame, anatomy.Fossa),
            new CerebellarFibres(anatomy.Fossa),
        ];
        _size = frame.Size;
        _turning = new Warp(frame, "turning of fibres", 1, 35, 70);
    }

    /// <summary>Number of families.</summary>
    public int Count => _bundles.Length;

    /// <summary>Shares (they sum to 1) and directions of the families at a point of the white matter.</summary>
    public void At(Vector3 point, in AnatomyPoint anatomy, Span<float> shares, Span<Vector3> directions)
    {
        // No subject's bundles run exactly along the formulas: turn them by up to some 15 degrees, smoothly.
        Vector3 turn = 0.13f / _size * (_turning.At(point) - point);
        float sum = 0;
        for (int i = 0; i < _bundles.Length; i++)
        {
            sum += shares[i] = _bundles[i].At(point, anatomy, out Vector3 direction);
            directions[i] = Vector3.Normalize(direction + Vector3.Cross(turn, direction));
        }

        for (int i = 0; i < _bundles.Length; i++)
        {
            shares[i] /= sum;
        }
    }
}
