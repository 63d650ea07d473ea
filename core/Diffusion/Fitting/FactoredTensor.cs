using System.Runtime.Intrinsics;

namespace Iqt.Diffusion;

/// <summary>
/// Tensors as D = L Lᵀ + εI with a lower triangle L, which are positive definite whatever L is (Koay et al., J. Magn. Reson.
/// 182 (2006)); four voxels at once. Unknowns are ln S0 and D, or ln S0 and L (11, 21, 31, 22, 32, 33).
/// </summary>
internal static class FactoredTensor
{
    // ε in 1e-3 mm²/s: the least eigenvalue.
    private const double LeastEigenvalue = 1e-3;

    // Where a pivot of the start vanishes, so does the derivative by it, and the step would never leave the border.
    private const double LeastStartPivot = 0.05;

    private const int Unknowns = DesignMatrix.Unknowns;

    /// <summary>L of D − εI, pivots raised where that is not positive definite.</summary>
    /// <param name="beta">ln S0 and D.</param>
    /// <param name="factor">Becomes ln S0 and L.</param>
    public static void Factor(ReadOnlySpan<Vector256<double>> beta, Span<Vector256<double>> factor)
    {
        Vector256<double> epsilon = Vector256.Create(LeastEigenvalue);
        factor[0] = beta[0];
        Vector256<double> a = Pivot(beta[1] - epsilon);
        Vector256<double> b = beta[2] / a, c = beta[3] / a;
        Vector256<double> d = Pivot(beta[4] - epsilon - b * b);
        Vector256<double> e = (beta[5] - b * c) / d;
        Vector256<double> f = Pivot(beta[6] - epsilon - c * c - e * e);
        (factor[1], factor[2], factor[3], factor[4], factor[5], factor[6]) = (a, b, c, d, e, f);
    }

    /// <summary>ln S0 and D of ln S0 and L.</summary>
    public static void Expand(ReadOnlySpan<Vector256<double>> factor, Span<Vector256<double>> beta)
    {
        Vector256<double> epsilon = Vector256.Create(LeastEigenvalue);
        (Vector256<double> a, Vector256<double> b, Vector256<double> c) = (factor[1], factor[2], factor[3]);
        (Vector256<double> d, Vector256<double> e, Vector256<double> f) = (factor[4], factor[5], factor[6]);
        beta[0] = factor[0];
        (beta[1], beta[2], beta[3]) = (a * a + epsilon, a * b, a * c);
        (beta[4], beta[5], beta[6]) = (b * b + d * d + epsilon, b * c + d * e, c * c + e * e + f * f + epsilon);
    }

    /// <summary>∂(ln S0, D)/∂(ln S0, L): row by D, column by L.</summary>
    public static void Differentiate(ReadOnlySpan<Vector256<double>> factor, Vector256<double>[,] derivatives)
    {
        Array.Clear(derivatives);
        (Vector256<double> a, Vector256<double> b, Vector256<double> c) = (factor[1], factor[2], factor[3]);
        (Vector256<double> d, Vector256<double> e, Vector256<double> f) = (factor[4], factor[5], factor[6]);
        derivatives[0, 0] = Vector256<double>.One;
        derivatives[1, 1] = a + a;
        (derivatives[2, 1], derivatives[2, 2]) = (b, a);
        (derivatives[3, 1], derivatives[3, 3]) = (c, a);
        (derivatives[4, 2], derivatives[4, 4]) = (b + b, d + d);
        (derivatives[5, 2], derivatives[5, 3], derivatives[5, 4], derivatives[5, 5]) = (c, b, e, d);
        (derivatives[6, 3], derivatives[6, 5], derivatives[6, 6]) = (c + c, e + e, f + f);
    }

    /// <summary>Turns a system of normal equations by ln S0 and D into that by ln S0 and L, in place.</summary>
    /// <param name="derivatives">See <see cref="Differentiate"/>.</param>
    /// <param name="normal">The upper triangle by rows.</param>
    /// <param name="right">The right-hand side.</param>
    public static void ChainRule(Vector256<double>[,] derivatives, Span<Vector256<double>> normal, Span<Vector256<double>> right)
    {
        Span<Vector256<double>> half = stackalloc Vector256<double>[Unknowns * Unknowns];
        Span<Vector256<double>> pulls = stackalloc Vector256<double>[Unknowns];
        for (int i = 0; i < Unknowns; i++)
        {
            for (int j = 0; j < Unknowns; j++)
            {
                Vector256<double> sum = Vector256<double>.Zero;
                for (int k = 0; k < Unknowns; k++)
                {
                    sum += normal[i <= k ? SymmetricSolve.At(i, k) : SymmetricSolve.At(k, i)] * derivatives[k, j];
                }

                half[i * Unknowns + j] = sum;
                pulls[j] += right[i] * derivatives[i, j];
            }
        }

        for (int i = 0; i < Unknowns; i++)
        {
            right[i] = pulls[i];
            for (int j = i; j < Unknowns; j++)
            {
                Vector256<double> sum = Vector256<double>.Zero;
                for (int k = 0; k < Unknowns; k++)
                {
                    sum += derivatives[k, i] * half[k * Unknowns + j];
                }

                normal[SymmetricSolve.At(i, j)] = sum;
            }
        }
    }

    private static Vector256<double> Pivot(Vector256<double> square) =>
        Vector256.Sqrt(Vector256.ConditionalSelect(
            Vector256.GreaterThan(square, Vector256.Create(LeastStartPivot)), square, Vector256.Create(LeastStartPivot)));
}
