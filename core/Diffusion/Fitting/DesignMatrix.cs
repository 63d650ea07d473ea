using System.Runtime.Intrinsics;

namespace Iqt.Diffusion;

/// <summary>
/// The linear model ln S = X β with β = (ln S0, Dxx, Dxy, Dxz, Dyy, Dyz, Dzz), b in ms/µm² (s/mm² / 1000) so that all
/// columns are of like size and D comes out in µm²/ms (1e-3 mm²/s).
/// </summary>
internal sealed class DesignMatrix
{
    public const int Unknowns = 7;

    /// <summary>mm²/s in one unit of the solution.</summary>
    public const double DiffusivityUnit = 1e-3;

    // Share of a column's length that the columns before it can't explain, squared. A single b=0 among 300 volumes
    // still leaves 3e-3; a table without b=0 leaves only the rounding of its directions.
    private const double LeastIndependence = 1e-6;

    /// <exception cref="GradientException">The directions don't determine a tensor.</exception>
    public DesignMatrix(GradientTable table)
    {
        Measurements = table.Count;
        Columns = Build(table);
        double[,] normal = Normal(Columns);
        CheckRank(table, normal);
        PseudoInverse = Pad(Invert(normal, Columns));
        Products = Multiply(Columns);
    }

    /// <summary>Number of volumes.</summary>
    public int Measurements { get; }

    /// <summary>Column j of X in Columns[j].</summary>
    public double[][] Columns { get; }

    /// <summary>Row j of X's pseudo-inverse in [j]; an eighth row of zeros fills up four at a time.</summary>
    public double[][] PseudoInverse { get; }

    /// <summary>X_i · X_j for i ≤ j, elementwise, in the order (0,0) (0,1) … (0,6) (1,1) …: 28 columns.</summary>
    public double[][] Products { get; }

    /// <summary>The signals that solutions predict for a measurement.</summary>
    public Vector256<double> Predict(ReadOnlySpan<Vector256<double>> beta, int measurement) =>
        Vector256.Exp(beta[0] + Exponent(beta, measurement));

    /// <summary>ln(S/S0) of a measurement.</summary>
    public Vector256<double> Exponent(ReadOnlySpan<Vector256<double>> beta, int measurement)
    {
        double[][] x = Columns;
        return beta[1] * x[1][measurement] + beta[2] * x[2][measurement] + beta[3] * x[3][measurement]
            + beta[4] * x[4][measurement] + beta[5] * x[5][measurement] + beta[6] * x[6][measurement];
    }

    private static double[][] Build(GradientTable table)
    {
        var columns = new double[Unknowns][];
        for (int j = 0; j < Unknowns; j++)
        {
            columns[j] = new double[table.Count];
        }

        for (int m = 0; m < table.Count; m++)
        {
            double b = table.BValues[m] * DiffusivityUnit;
            GradientDirection g = table.Directions[m];
            double[] row = [1, -b * g.X * g.X, -2 * b * g.X * g.Y, -2 * b * g.X * g.Z, -b * g.Y * g.Y, -2 * b * g.Y * g.Z, -b * g.Z * g.Z];
            for (int j = 0; j < Unknowns; j++)
            {
                columns[j][m] = row[j];
            }
        }

        return columns;
    }

    private static double[,] Normal(double[][] columns)
    {
        var normal = new double[Unknowns, Unknowns];
        for (int i = 0; i < Unknowns; i++)
        {
            for (int j = 0; j < Unknowns; j++)
            {
                normal[i, j] = columns[i].Zip(columns[j], (a, b) => a * b).Sum();
            }
        }

        return normal;
    }

    private static void CheckRank(GradientTable table, double[,] normal)
    {
        int directions = DistinctDirections(table);
        if (table.Count < Unknowns || directions < TensorImage.Elements)
        {
            throw new GradientException(GradientFault.Degenerate, $"{table.Name}: {table.Count} volumes with {directions} different directions were found, at least {Unknowns} volumes with {TensorImage.Elements} directions were expected for a tensor. Use a longer series.");
        }

        double[,] scaled = new double[Unknowns, Unknowns];
        for (int i = 0; i < Unknowns; i++)
        {
            for (int j = 0; j < Unknowns; j++)
            {
                scaled[i, j] = normal[i, j] / Math.Sqrt(normal[i, i] * normal[j, j]);
            }
        }

        double[]? pivots = Cholesky(scaled);
        if (pivots is null || pivots.Min() < LeastIndependence)
        {
            throw new GradientException(GradientFault.Degenerate, $"{table.Name}: the {directions} directions don't determine a tensor (they lie on a cone or in a plane, or all volumes have the same b), directions over the whole sphere and a b=0 volume were expected. Check the bvec file or choose more volumes.");
        }
    }

    private static int DistinctDirections(GradientTable table)
    {
        var distinct = new List<GradientDirection>();
        for (int i = 0; i < table.Count; i++)
        {
            GradientDirection g = table.Directions[i];
            // g and -g weight alike; half a degree apart is the same direction.
            if (table.BValues[i] > GradientTable.BaselineLimit && !distinct.Any(other => Math.Abs(other.Dot(g)) > 0.99996))
            {
                distinct.Add(g);
            }
        }

        return distinct.Count;
    }

    /// <summary>Factors in place (lower triangle); the squared pivots, or null if one is not positive.</summary>
    private static double[]? Cholesky(double[,] a)
    {
        var pivots = new double[Unknowns];
        for (int j = 0; j < Unknowns; j++)
        {
            for (int i = j; i < Unknowns; i++)
            {
                double sum = a[i, j];
                for (int k = 0; k < j; k++)
                {
                    sum -= a[i, k] * a[j, k];
                }

                if (i == j)
                {
                    pivots[j] = sum;
                    if (!(sum > 0))
                    {
                        return null;
                    }
                }

                a[i, j] = i == j ? Math.Sqrt(sum) : sum / a[j, j];
            }
        }

        return pivots;
    }

    /// <summary>(XᵀX)⁻¹Xᵀ by the Cholesky factor.</summary>
    private static double[][] Invert(double[,] normal, double[][] columns)
    {
        Cholesky(normal);
        int count = columns[0].Length;
        double[][] rows = [.. columns.Select(column => (double[])column.Clone())];
        for (int m = 0; m < count; m++)
        {
            for (int i = 0; i < Unknowns; i++)
            {
                for (int k = 0; k < i; k++)
                {
                    rows[i][m] -= normal[i, k] * rows[k][m];
                }

                rows[i][m] /= normal[i, i];
            }

            for (int i = Unknowns - 1; i >= 0; i--)
            {
                for (int k = i + 1; k < Unknowns; k++)
                {
                    rows[i][m] -= normal[k, i] * rows[k][m];
                }

                rows[i][m] /= normal[i, i];
            }
        }

        return rows;
    }

    private static double[][] Multiply(double[][] columns) =>
        [.. from i in Enumerable.Range(0, Unknowns)
            from j in Enumerable.Range(i, Unknowns - i)
            select columns[i].Zip(columns[j], (a, b) => a * b).ToArray()];

    private static double[][] Pad(double[][] rows) => [.. rows, new double[rows[0].Length]];
}
