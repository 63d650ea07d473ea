using System.Runtime.Intrinsics;

namespace Iqt.Diffusion;

/// <summary>Solves four symmetric positive-definite 7×7 systems at once, one per lane, by Cholesky.</summary>
internal static class SymmetricSolve
{
    private const int Size = DesignMatrix.Unknowns;

    /// <param name="upper">The upper triangle by rows, 28 entries; overwritten by the factor.</param>
    /// <param name="right">Right-hand side, overwritten by the solution.</param>
    /// <returns>All ones in the lanes that were solved, zeros where the system is not positive definite.</returns>
    public static Vector256<double> Solve(Span<Vector256<double>> upper, Span<Vector256<double>> right)
    {
        var solved = Vector256<double>.AllBitsSet;
        for (int i = 0; i < Size; i++)
        {
            Vector256<double> pivot = upper[At(i, i)];
            for (int k = 0; k < i; k++)
            {
                pivot -= upper[At(k, i)] * upper[At(k, i)];
            }

            solved &= Vector256.GreaterThan(pivot, Vector256<double>.Zero);
            Vector256<double> inverse = Vector256<double>.One / Vector256.Sqrt(pivot);
            for (int j = i + 1; j < Size; j++)
            {
                Vector256<double> sum = upper[At(i, j)];
                for (int k = 0; k < i; k++)
                {
                    sum -= upper[At(k, i)] * upper[At(k, j)];
                }

                upper[At(i, j)] = sum * inverse;
            }

            // The reciprocal of the diagonal is what both substitutions need.
            upper[At(i, i)] = inverse;
        }

        for (int i = 0; i < Size; i++)
        {
            for (int k = 0; k < i; k++)
            {
                right[i] -= upper[At(k, i)] * right[k];
            }

            right[i] *= upper[At(i, i)];
        }

        for (int i = Size - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < Size; k++)
            {
                right[i] -= upper[At(i, k)] * right[k];
            }

            right[i] *= upper[At(i, i)];
            // Overflow shows as infinity or NaN, for which this comparison is false.
            solved &= Vector256.LessThan(Vector256.Abs(right[i]), Vector256.Create(double.PositiveInfinity));
        }

        return solved;
    }

    /// <summary>Where the entry of a row and a column not left of it stands.</summary>
    public static int At(int row, int column) => row * Size - row * (row - 1) / 2 + column - row;
}
