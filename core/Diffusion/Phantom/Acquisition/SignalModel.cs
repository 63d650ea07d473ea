using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>The noise-free signal of a voxel's compartments in each volume of a gradient table.</summary>
internal sealed class SignalModel
{
    /// <summary>The b=0 signal of pure white matter: scanner units are arbitrary, HCP's are of this order.</summary>
    public const float WhiteMatterSignal = 1000;

    private readonly Vector3[] _squares;
    private readonly Vector3[] _products;

    public SignalModel(GradientTable table)
    {
        // b in ms/µm², the inverse of the unit of diffusivities.
        Vector3[] scaled = [.. table.BValues.Zip(table.Directions, (b, g) => (float)Math.Sqrt(b / 1000) * new Vector3((float)g.X, (float)g.Y, (float)g.Z))];
        _squares = Array.ConvertAll(scaled, g => g * g);
        _products = Array.ConvertAll(scaled, g => 2 * new Vector3(g.X * g.Y, g.X * g.Z, g.Y * g.Z));
    }

    public int Volumes => _squares.Length;

    public float Signal(ReadOnlySpan<GaussianCompartment> compartments, int volume)
    {
        Vector3 squares = _squares[volume], products = _products[volume];
        float sum = 0;
        foreach (ref readonly GaussianCompartment compartment in compartments)
        {
            float exponent = Vector3.Dot(squares, compartment.Diagonal) + Vector3.Dot(products, compartment.OffDiagonal);
            sum += compartment.Weight * MathF.Exp(-exponent);
        }

        return WhiteMatterSignal * sum;
    }
}
