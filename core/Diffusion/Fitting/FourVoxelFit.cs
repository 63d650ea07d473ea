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
    private readonly ConstrainedFit? _constrained;
    private readonly Vector256<double>[] _signals;
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
        _constrained = options.Constrained ? new ConstrainedFit(design) : null;
        _signals = new Vector256<double>[design.Measurements];
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

    /// <summary>Lanes of the last fit whose nonlinear part converged: all ones, else zeros.</summary>
    public Vector256<double> Settled { get; private set; } = Vector256<double>.AllBitsSet;

    /// <summary>The solution of the last fit: ln S0, then D in 1e-3 mm²/s.</summary>
    public ReadOnlySpan<Vector256<double>> Beta => _beta.AsSpan(0, DesignMatrix.Unknowns);

    /// <param name="signals">Volume-major: signal of measurement m in lane i at [m · stride + first + i].</param>
    /// <param name="first">Offset of the first of the four voxels.</param>
    /// <param name="stride">Voxels held per measurement.</param>
    public void Fit(float[] signals, int first, int stride)
    {
        TakeLogarithms(signals, first, stride);
        MeasurementSums.Compute(_design.PseudoInverse, _logs, _beta);
        Solved = Vector256<double>.AllBitsSet;
        for (int step = 0; step < _options.Reweightings; step++)
        {
            Weigh();
            MeasurementSums.Compute(_design.Products, _weights, _normal);
            MeasurementSums.Compute(_paddedColumns, _weighted, _right);
            Vector256<double> solved = SymmetricSolve.Solve(_normal, _right);
            for (int j = 0; j < DesignMatrix.Unknowns; j++)
            {
                _beta[j] = Vector256.ConditionalSelect(solved, _right[j], _beta[j]);
            }

            Solved &= solved;
        }

        if (_constrained is not null)
        {
            Settled = _constrained.Improve(_signals, _beta);
        }
    }

    /// <summary>Root mean square of the last fit's residuals.</summary>
    public Vector256<double> Residual()
    {
        Vector256<double> squares = Vector256<double>.Zero;
        for (int m = 0; m < _signals.Length; m++)
        {
            Vector256<double> residual = _signals[m] - _design.Predict(_beta, m);
            squares += residual * residual;
        }

        return Vector256.Sqrt(squares / _signals.Length);
    }

    private void TakeLogarithms(float[] signals, int first, int stride)
    {
        var largest = Vector256<double>.Zero;
        var infinity = Vector256.Create(double.PositiveInfinity);
        for (int m = 0; m < _logs.Length; m++)
        {
            Vector128<float> four = Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(signals), (nuint)((long)m * stride + first));
            Vector256<double> signal = Vector256.WidenLower(four.ToVector256Unsafe());
            _signals[m] = signal;
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
            Vector256<double> keep = Vector256.GreaterThanOrEqual(_signals[m], floor) & Vector256.LessThan(_signals[m], infinity);
            ClampedSignals += System.Numerics.BitOperations.PopCount(Vector256.AndNot(HasSignal, keep).ExtractMostSignificantBits());
            _signals[m] = Vector256.ConditionalSelect(keep, _signals[m], floor);
            _logs[m] = Vector256.Log(_signals[m]);
        }
    }

    /// <summary>Weights are the squared predicted signals, relative to S0, which scales all alike.</summary>
    private void Weigh()
    {
        for (int m = 0; m < _weights.Length; m++)
        {
            Vector256<double> exponent = _design.Exponent(_beta, m);
            _weights[m] = Vector256.Exp(exponent + exponent);
            _weighted[m] = _weights[m] * _logs[m];
        }
    }
}
