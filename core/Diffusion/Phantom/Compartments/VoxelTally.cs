using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// Adds up the samples of the anatomy within one voxel (partial volume) and turns them into compartments, one
/// per tissue and two per fibre family, so that their number does not grow with the number of samples.
/// </summary>
internal sealed class VoxelTally(FibreArchitecture fibres, TissueDiffusion diffusion)
{
    /// <summary>Number of values of <see cref="Tissue"/>.</summary>
    public const int Tissues = 5;

    // A compartment with less than this share of a voxel is below the noise.
    private const float Negligible = 2e-3f;

    private readonly int[] _counts = new int[Tissues];
    private readonly float[] _familyWeights = new float[fibres.Count];
    private readonly Dyad[] _familyAxes = new Dyad[fibres.Count];
    private readonly float[] _shares = new float[fibres.Count];
    private readonly Vector3[] _directions = new Vector3[fibres.Count];
    private Dyad _corticalNormal;
    private int _samples;

    public void Clear()
    {
        Array.Clear(_counts);
        Array.Clear(_familyWeights);
        Array.Clear(_familyAxes);
        _corticalNormal = default;
        _samples = 0;
    }

    public void Add(Vector3 point, in AnatomyPoint anatomy)
    {
        _samples++;
        _counts[(int)anatomy.Tissue]++;
        if (anatomy.Tissue == Tissue.CorticalGrey)
        {
            _corticalNormal += Dyad.Of(anatomy.Pia.Normal);
        }
        else if (anatomy.Tissue == Tissue.White)
        {
            fibres.At(point, anatomy, _shares, _directions);
            for (int i = 0; i < _shares.Length; i++)
            {
                _familyWeights[i] += _shares[i];
                _familyAxes[i] += _shares[i] * Dyad.Of(_directions[i]);
            }
        }
    }

    /// <summary>Share of the voxel that one tissue takes.</summary>
    public float Fraction(Tissue tissue) => (float)_counts[(int)tissue] / _samples;

    /// <summary>Number of samples that fell into one tissue.</summary>
    public byte Count(Tissue tissue) => (byte)_counts[(int)tissue];

    /// <summary>Appends the voxel's compartments.</summary>
    /// <param name="centre">Of the voxel: slowly varying properties are taken there.</param>
    /// <param name="compartments">Receives them.</param>
    public void AppendTo(List<GaussianCompartment> compartments, Vector3 centre)
    {
        AppendFluidAndGrey(compartments);
        if (_counts[(int)Tissue.White] == 0)
        {
            return;
        }

        float neurites = diffusion.NeuriteDensity(centre);
        for (int i = 0; i < _familyWeights.Length; i++)
        {
            float fraction = _familyWeights[i] / _samples;
            if (fraction > Negligible)
            {
                Dyad axis = 1 / _familyWeights[i] * _familyAxes[i];
                compartments.Add(diffusion.Stick(fraction, neurites, axis));
                compartments.Add(diffusion.Zeppelin(fraction, neurites, axis));
            }
        }
    }

    private void AppendFluidAndGrey(List<GaussianCompartment> compartments)
    {
        if (_counts[(int)Tissue.CerebrospinalFluid] > 0)
        {
            compartments.Add(diffusion.Fluid(Fraction(Tissue.CerebrospinalFluid)));
        }

        if (_counts[(int)Tissue.DeepGrey] > 0)
        {
            compartments.Add(diffusion.DeepGrey(Fraction(Tissue.DeepGrey)));
        }

        int cortical = _counts[(int)Tissue.CorticalGrey];
        if (cortical > 0)
        {
            compartments.Add(diffusion.CorticalGrey(Fraction(Tissue.CorticalGrey), 1f / cortical * _corticalNormal));
        }
    }
}
