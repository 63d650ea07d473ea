using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Iqt.Diffusion;

/// <summary>
/// Fits four voxels at once, one per lane of a 256-bit vector, all in double. Not safe for use by two threads.
/// </summary>
internal sealed class FourVoxelFit
{
    public const int Lanes = 4;

    private readonly DesignMatrix _design;
    private readonly FitOptions _options;
    private readonly Vector256<double>[] _logs;
    private readonly Vector256<double>[] _weights;
    private readonly Vector256<double>[] _weighted;
    private readonly Vector256<double>[] _beta = new Vector256<double>[DesignMatrix.Unknowns + 1];
    private readonly Vector256<double>[] _right = new Vector256<double>[DesignMatrix.Unknowns + 1];
    private readonly Vector256<double>[] _normal = new Vector256<double>[28];
    private readonly double[][] _paddedColumns;

    public FourVoxelFit(DesignMatrix design, FitOptions options)
    {
        _design = design;
        _options = options;
        _logs = new Vector256<double>[design.Measurements];
        _weights = new Vector256<double>[design.Measurements];
        _weighted = new Vector256<double>[design.Measurements];
        _paddedColumns = [.. design.Columns, new double[design.Measurements]];
    }

    /// <summary>Signals raised to the floor so far.</summary>
    public long ClampedSignals { get; private set; }

    /// <summary>Lanes of the last fit that had a positive signal: all ones, else zeros.</summary>
    public Vector256<double> HasSignal { get; private set; }

    /// <summary>Lanes of the last fit that were solved in each weighted step: all ones, else zeros.</summary>
    public Vector256<double> Solved { get; private set; }

    /// <summary>The solution of the last fit: ln S0, then D in 1e-3 mm²/s.</summary>
    public ReadOnlySpan<Vector256<double>> Beta => _beta.AsSpan(0, DesignMatrix.Unknowns);

    /// <param name="signals">Volume-major: signal of measurement m in lane i at [m · stride + first + i].</param>
    /// <param name="first">Offset of the first of the four voxels.</param>
    /// <param name="stride">Voxels held per measurement.</param>
    public void Fit(float[] signals, int first, int stride)
    {
        TakeLogarithms(signals, first, stride);
        Sums(_design.PseudoInverse, _logs, _beta);
        Solved = Vector256<double>.AllBitsSet;
        for (int step = 0; step < _options.Reweightings; step++)
        {
            Weigh();
            Sums(_design.Products, _weights, _normal);
            Sums(_paddedColumns, _weighted, _right);
            Vector256<double> solved = SymmetricSolve.Solve(_normal, _right);
            for (int j = 0; j < DesignMatrix.Unknowns; j++)
            {
                _beta[j] = Vector256.ConditionalSelect(solved, _right[j], _beta[j]);
            }

            Solved &= solved;
        }
    }

    private void TakeLogarithms(float[] signals, int first, int stride)
    {
        var largest = Vector256<double>.Zero;
        var infinity = Vector256.Create(double.PositiveInfinity);
        for (int m = 0; m < _logs.Length; m++)
        {
            Vector128<float> four = Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(signals), (nuint)((long)m * stride + first));
            Vector256<double> signal = Vector256.WidenLower(four.ToVector256Unsafe());
            _logs[m] = signal;
            // Comparisons with NaN are false, so NaN and infinity never become the largest.
            Vector256<double> valid = Vector256.GreaterThan(signal, largest) & Vector256.LessThan(signal, infinity);
            largest = Vector256.ConditionalSelect(valid, signal, largest);
        }

        HasSignal = Vector256.GreaterThan(largest, Vector256<double>.Zero);
        // A lane without signal is fitted to ones and thrown away by the caller.
        largest = Vector256.ConditionalSelect(HasSignal, largest, Vector256<double>.One);
        Vector256<double> floor = largest * _options.SignalFloor;
        for (int m = 0; m < _logs.Length; m++)
        {
            Vector256<double> keep = Vector256.GreaterThanOrEqual(_logs[m], floor) & Vector256.LessThan(_logs[m], infinity);
            ClampedSignals += System.Numerics.BitOperations.PopCount(Vector256.AndNot(HasSignal, keep).ExtractMostSignificantBits());
            _logs[m] = Vector256.Log(Vector256.ConditionalSelect(keep, _logs[m], floor));
        }
    }

    /// <summary>Weights are the squared predicted signals, relative to S0, which scales all alike.</summary>
    private void Weigh()
    {
        double[][] x = _design.Columns;
        for (int m = 0; m < _weights.Length; m++)
        {
            Vector256<double> exponent = _beta[1] * x[1][m] + _beta[2] * x[2][m] + _beta[3] * x[3][m]
                + _beta[4] * x[4][m] + _beta[5] * x[5][m] + _beta[6] * x[6][m];
            _weights[m] = Vector256.Exp(exponent + exponent);
            _weighted[m] = _weights[m] * _logs[m];
        }
    }

    /// <summary>sums[j] = Σ_m coefficients[j][m] · values[m], four sums at a time so that they stay in registers.</summary>
    private static void Sums(double[][] coefficients, Vector256<double>[] values, Vector256<double>[] sums)
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
