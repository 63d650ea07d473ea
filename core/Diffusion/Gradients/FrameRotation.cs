namespace Iqt.Diffusion;

/// <summary>
/// The orthogonal map from FSL's bvec frame to another one: F = diag(−1, 1, 1) if the affine's determinant is positive
/// (else the identity) leads to the image axes, and R, the rotation nearest to the affine's directions, from there to
/// the scanner. Directions map as g → Mg, tensors as D → M D Mᵀ.
/// </summary>
public sealed class FrameRotation
{
    private const int PolarSteps = 30;

    private readonly double[,] _map;

    private FrameRotation(double[,] map) => _map = map;

    /// <summary>From the bvec frame to <paramref name="target"/>.</summary>
    /// <param name="target">The frame wanted.</param>
    /// <param name="affine">Of the image.</param>
    public static FrameRotation FromBvec(GradientFrame target, Affine affine)
    {
        double[,] map = target == GradientFrame.Scanner ? Nearest(affine) : Identity();
        if (target != GradientFrame.Bvec && affine.Determinant > 0)
        {
            for (int row = 0; row < 3; row++)
            {
                map[row, 0] = -map[row, 0];
            }
        }

        return new FrameRotation(map);
    }

    /// <summary>The way back.</summary>
    public FrameRotation Inverse()
    {
        var transposed = new double[3, 3];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                transposed[column, row] = _map[row, column];
            }
        }

        return new FrameRotation(transposed);
    }

    /// <summary>A direction in the other frame.</summary>
    public GradientDirection Apply(GradientDirection g) => new(
        _map[0, 0] * g.X + _map[0, 1] * g.Y + _map[0, 2] * g.Z,
        _map[1, 0] * g.X + _map[1, 1] * g.Y + _map[1, 2] * g.Z,
        _map[2, 0] * g.X + _map[2, 1] * g.Y + _map[2, 2] * g.Z);

    /// <summary>Tensors in the other frame, elements in FSL order.</summary>
    public TensorImage Apply(TensorImage image)
    {
        var turned = new TensorImage(image.Grid);
        int count = image.Grid.Size.Voxels;
        float[] from = image.Values, to = turned.Values;
        double[,] weights = ElementWeights();
        Parallel.For(0, TensorImage.Elements, element =>
        {
            for (int i = 0; i < count; i++)
            {
                double sum = 0;
                for (int j = 0; j < TensorImage.Elements; j++)
                {
                    sum += weights[element, j] * from[j * count + i];
                }

                to[element * count + i] = (float)sum;
            }
        });
        return turned;
    }

    /// <summary>M D Mᵀ as a map from the six elements to the six elements.</summary>
    private double[,] ElementWeights()
    {
        (int Row, int Column)[] places = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)];
        var weights = new double[TensorImage.Elements, TensorImage.Elements];
        for (int e = 0; e < TensorImage.Elements; e++)
        {
            (int row, int column) = places[e];
            for (int j = 0; j < TensorImage.Elements; j++)
            {
                (int a, int b) = places[j];
                weights[e, j] = _map[row, a] * _map[column, b] + (a == b ? 0 : _map[row, b] * _map[column, a]);
            }
        }

        return weights;
    }

    /// <summary>
    /// The orthogonal factor of the polar decomposition of the affine's unit columns (Higham 1986: Newton's iteration
    /// M ← (M + M⁻ᵀ)/2), which keeps the sign of the determinant. Headers hold float32, so columns are never exactly
    /// at right angles.
    /// </summary>
    private static double[,] Nearest(Affine affine)
    {
        (double x, double y, double z) = affine.VoxelSize;
        double[] size = [x, y, z];
        var m = new double[3, 3];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                m[row, column] = affine[row, column] / size[column];
            }
        }

        for (int step = 0; step < PolarSteps; step++)
        {
            double[,] cofactors = Cofactors(m);
            double determinant = m[0, 0] * cofactors[0, 0] + m[0, 1] * cofactors[0, 1] + m[0, 2] * cofactors[0, 2];
            double change = 0;
            for (int row = 0; row < 3; row++)
            {
                for (int column = 0; column < 3; column++)
                {
                    double mean = (m[row, column] + cofactors[row, column] / determinant) / 2;
                    change = Math.Max(change, Math.Abs(mean - m[row, column]));
                    m[row, column] = mean;
                }
            }

            if (change < 1e-15)
            {
                break;
            }
        }

        return m;
    }

    /// <summary>det(M) M⁻ᵀ.</summary>
    private static double[,] Cofactors(double[,] m)
    {
        var cofactors = new double[3, 3];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                // Cyclic indices take care of the signs.
                int r1 = (row + 1) % 3, r2 = (row + 2) % 3, c1 = (column + 1) % 3, c2 = (column + 2) % 3;
                cofactors[row, column] = m[r1, c1] * m[r2, c2] - m[r1, c2] * m[r2, c1];
            }
        }

        return cofactors;
    }

    private static double[,] Identity() => new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
}
