using System.Runtime.Intrinsics;

namespace Iqt.Diffusion;

/// <summary>Sums over the measurements of four voxels: where a fit spends its time.</summary>
internal static class MeasurementSums
{
    /// <summary>sums[j] = Σ_m coefficients[j][m] · values[m], four sums at a time so that they stay in registers.</summary>
    /// <param name="coefficients">Their number a multiple of four.</param>
    /// <param name="values">One per measurement.</param>
    /// <param name="sums">One per row of coefficients.</param>
    public static void Compute(double[][] coefficients, Vector256<double>[] values, Vector256<double>[] sums)
    {
        for (int j = 0; j < coefficients.Length; j += 4)
        {
            ReadOnlySpan<double> c0 = coefficients[j].AsSpan(0, values.Length), c1 = coefficients[j + 1].AsSpan(0, values.Length);
            ReadOnlySpan<double> c2 = coefficients[j + 2].AsSpan(0, values.Length), c3 = coefficients[j + 3].AsSpan(0, values.Length);
            Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
            for (int m = 0; m < values.Length; m++)
            {
                Vector256<double> value = values[m];
                s0 = Vector256.FusedMultiplyAdd(Vector256.Create(c0[m]), value, s0);
                s1 = Vector256.FusedMultiplyAdd(Vector256.Create(c1[m]), value, s1);
                s2 = Vector256.FusedMultiplyAdd(Vector256.Create(c2[m]), value, s2);
                s3 = Vector256.FusedMultiplyAdd(Vector256.Create(c3[m]), value, s3);
            }

            (sums[j], sums[j + 1], sums[j + 2], sums[j + 3]) = (s0, s1, s2, s3);
        }
    }
}
