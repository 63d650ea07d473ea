using System.Runtime.Intrinsics;

namespace Iqt.Diffusion;

/// <summary>
/// Nonlinear least squares of the signal itself, min Σ (S − S0 exp(−b gᵀDg))², over positive definite tensors
/// (<see cref="FactoredTensor"/>): Levenberg and Marquardt's steps, four voxels at once. Not safe for use by two threads.
/// </summary>
internal sealed class ConstrainedFit(DesignMatrix design)
{
    private const int MostSteps = 100;

    // Relative change of the sum of squares below which a voxel is done; its square root is what D still moves.
    private const double Tolerance = 1e-13;
    private const double LargestDamping = 1e12;
    private const int Unknowns = DesignMatrix.Unknowns;

    private static readonly Vector256<double> Zero = Vector256<double>.Zero;

    private readonly double[][] _padded = [.. design.Columns, new double[design.Measurements]];
    private readonly Vector256<double>[] _predicted = new Vector256<double>[design.Measurements];
    private readonly Vector256<double>[] _trial = new Vector256<double>[design.Measurements];
    private readonly Vector256<double>[] _squares = new Vector256<double>[design.Measurements];
    private readonly Vector256<double>[] _pulls = new Vector256<double>[design.Measurements];
    private readonly Vector256<double>[] _normal = new Vector256<double>[28];
    private readonly Vector256<double>[] _damped = new Vector256<double>[28];
    private readonly Vector256<double>[] _right = new Vector256<double>[Unknowns + 1];
    private readonly Vector256<double>[] _step = new Vector256<double>[Unknowns];
    private readonly Vector256<double>[] _beta = new Vector256<double>[Unknowns];
    private readonly Vector256<double>[] _moved = new Vector256<double>[Unknowns];
    private readonly Vector256<double>[] _factor = new Vector256<double>[Unknowns];
    private readonly Vector256<double>[,] _derivatives = new Vector256<double>[Unknowns, Unknowns];

    /// <summary>Improves a solution.</summary>
    /// <param name="signals">Of each measurement.</param>
    /// <param name="beta">ln S0 and D in 1e-3 mm²/s; the log-linear solution, then the constrained one.</param>
    /// <returns>All ones in the lanes that converged.</returns>
    public Vector256<double> Improve(ReadOnlySpan<Vector256<double>> signals, Span<Vector256<double>> beta)
    {
        Vector256<double> power = Zero;
        foreach (Vector256<double> signal in signals)
        {
            power += signal * signal;
        }

        Vector256<double> cost = Start(signals, beta);
        Vector256<double> damping = Vector256.Create(1e-3);
        Vector256<double> done = Zero;
        for (int step = 0; step < MostSteps && done.ExtractMostSignificantBits() != 0b1111; step++)
        {
            Linearise(signals);
            Vector256<double> solved = Solve(damping);
            for (int j = 0; j < Unknowns; j++)
            {
                _moved[j] = _factor[j] + _step[j];
            }

            FactoredTensor.Expand(_moved, _beta);
            Vector256<double> next = Predict(signals, _beta, _trial);
            // Comparisons with NaN are false: a step that overflows is not taken.
            Vector256<double> better = solved & Vector256.LessThanOrEqual(next, cost) & ~done;
            // Of a nearly perfect fit the sum itself is known only to the rounding of the signals.
            Vector256<double> rounding = Vector256.Sqrt(cost * power) * 1e-15 + power * 1e-30;
            Vector256<double> small = Vector256.LessThanOrEqual(Vector256.Abs(cost - next), Vector256.Max(cost * Tolerance, rounding));
            // A step that was damped to nothing gains nothing either, and settles nothing.
            Vector256<double> free = Vector256.LessThan(damping, Vector256<double>.One);
            done |= (solved & small & free) | Vector256.GreaterThan(damping, Vector256.Create(LargestDamping));
            for (int j = 0; j < Unknowns; j++)
            {
                _factor[j] = Vector256.ConditionalSelect(better, _moved[j], _factor[j]);
            }

            for (int m = 0; m < _predicted.Length; m++)
            {
                _predicted[m] = Vector256.ConditionalSelect(better, _trial[m], _predicted[m]);
            }

            cost = Vector256.ConditionalSelect(better, next, cost);
            damping *= Vector256.ConditionalSelect(better, Vector256.Create(0.2), Vector256.Create(8.0));
        }

        FactoredTensor.Expand(_factor, beta);
        return done;
    }

    /// <summary>L of the log-linear solution, pivots raised where that is not positive definite; the sum of squares.</summary>
    private Vector256<double> Start(ReadOnlySpan<Vector256<double>> signals, ReadOnlySpan<Vector256<double>> beta)
    {
        beta[..Unknowns].CopyTo(_beta);
        FactoredTensor.Factor(_beta, _factor);
        FactoredTensor.Expand(_factor, _beta);
        Vector256<double> cost = Predict(signals, _beta, _predicted);
        Vector256<double> finite = Vector256.LessThan(cost, Vector256.Create(double.PositiveInfinity));
        if (finite.ExtractMostSignificantBits() == 0b1111)
        {
            return cost;
        }

        // A wild log-linear solution: begin with the largest signal and an isotropic tensor of brain tissue.
        Vector256<double> largest = signals[0];
        foreach (Vector256<double> signal in signals)
        {
            largest = Vector256.Max(largest, signal);
        }

        _beta[0] = Vector256.ConditionalSelect(finite, _beta[0], Vector256.Log(largest));
        for (int j = 1; j < Unknowns; j++)
        {
            _beta[j] = Vector256.ConditionalSelect(finite, _beta[j], Vector256.Create(j is 1 or 4 or 6 ? 0.8 : 0.0));
        }

        FactoredTensor.Factor(_beta, _factor);
        FactoredTensor.Expand(_factor, _beta);
        return Predict(signals, _beta, _predicted);
    }

    private Vector256<double> Predict(ReadOnlySpan<Vector256<double>> signals, ReadOnlySpan<Vector256<double>> beta, Vector256<double>[] predicted)
    {
        Vector256<double> cost = Zero;
        for (int m = 0; m < predicted.Length; m++)
        {
            predicted[m] = design.Predict(beta, m);
            Vector256<double> residual = signals[m] - predicted[m];
            cost += residual * residual;
        }

        return cost;
    }

    /// <summary>JᵀJ and Jᵀr by ln S0 and L: ∂S/∂β = S X, and the chain rule from D to L.</summary>
    private void Linearise(ReadOnlySpan<Vector256<double>> signals)
    {
        for (int m = 0; m < _predicted.Length; m++)
        {
            _squares[m] = _predicted[m] * _predicted[m];
            _pulls[m] = _predicted[m] * (signals[m] - _predicted[m]);
        }

        MeasurementSums.Compute(design.Products, _squares, _normal);
        MeasurementSums.Compute(_padded, _pulls, _right);
        FactoredTensor.Differentiate(_factor, _derivatives);
        Vector256<double> x = -_right[1], y = -_right[4], z = -_right[6];
        FactoredTensor.ChainRule(_derivatives, _normal, _right);
        AddCurvature(1, x);
        AddCurvature(2, y);
        AddCurvature(4, y);
        AddCurvature(3, z);
        AddCurvature(5, z);
        AddCurvature(6, z);
    }

    /// <summary>
    /// What Gauss and Newton leave out and the border of the positive definite tensors needs: there an entry of L goes to
    /// zero and with it the derivative by it, but D = L Lᵀ bends by 2 ∂f/∂D of its row. Where that is positive, it is the
    /// curvature that keeps steps short; without it all unknowns would be damped to a standstill for the sake of one.
    /// </summary>
    private void AddCurvature(int unknown, Vector256<double> pull) =>
        _normal[SymmetricSolve.At(unknown, unknown)] += 2 * Vector256.Max(pull, Zero);

    private Vector256<double> Solve(Vector256<double> damping)
    {
        _normal.CopyTo(_damped, 0);
        _right.AsSpan(0, Unknowns).CopyTo(_step);
        for (int i = 0; i < Unknowns; i++)
        {
            // The second part keeps the system solvable where a column of the chain rule is zero.
            _damped[SymmetricSolve.At(i, i)] += damping * _normal[SymmetricSolve.At(i, i)] + Vector256.Create(1e-12) * _normal[0];
        }

        return SymmetricSolve.Solve(_damped, _step);
    }
}
