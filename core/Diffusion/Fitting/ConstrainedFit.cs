using System.Runtime.Intrinsics;

namespace Iqt.Diffusion;

/// <summary>
/// Nonlinear least squares of the signal itself, min Σ (S − S0 exp(−b gᵀDg))², over tensors D = L Lᵀ + εI with a lower
/// triangle L, which are positive definite whatever L is (Koay et al., J. Magn. Reson. 182 (2006)). Levenberg and
/// Marquardt's steps, four voxels at once. Not safe for use by two threads.
/// </summary>
internal sealed class ConstrainedFit(DesignMatrix design)
{
    /// <summary>ε in 1e-3 mm²/s: the least eigenvalue.</summary>
    public const double LeastEigenvalue = 1e-3;

    // Where a pivot of the start vanishes, so does the derivative by it, and the step would never leave the border.
    private const double LeastStartPivot = 0.05;

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

            Expand(_moved, _beta);
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

        Expand(_factor, beta);
        return done;
    }

    /// <summary>L of the log-linear solution, pivots raised where that is not positive definite; the sum of squares.</summary>
    private Vector256<double> Start(ReadOnlySpan<Vector256<double>> signals, ReadOnlySpan<Vector256<double>> beta)
    {
        beta[..Unknowns].CopyTo(_beta);
        Factor(_beta);
        Expand(_factor, _beta);
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

        Factor(_beta);
        Expand(_factor, _beta);
        return Predict(signals, _beta, _predicted);
    }

    /// <summary>ln S0 and L (11, 21, 31, 22, 32, 33) of D − εI.</summary>
    private void Factor(Vector256<double>[] beta)
    {
        Vector256<double> epsilon = Vector256.Create(LeastEigenvalue);
        _factor[0] = beta[0];
        Vector256<double> a = Pivot(beta[1] - epsilon);
        Vector256<double> b = beta[2] / a, c = beta[3] / a;
        Vector256<double> d = Pivot(beta[4] - epsilon - b * b);
        Vector256<double> e = (beta[5] - b * c) / d;
        Vector256<double> f = Pivot(beta[6] - epsilon - c * c - e * e);
        (_factor[1], _factor[2], _factor[3], _factor[4], _factor[5], _factor[6]) = (a, b, c, d, e, f);
    }

    private static Vector256<double> Pivot(Vector256<double> square) =>
        Vector256.Sqrt(Vector256.ConditionalSelect(
            Vector256.GreaterThan(square, Vector256.Create(LeastStartPivot)), square, Vector256.Create(LeastStartPivot)));

    private static void Expand(ReadOnlySpan<Vector256<double>> factor, Span<Vector256<double>> beta)
    {
        Vector256<double> epsilon = Vector256.Create(LeastEigenvalue);
        (Vector256<double> a, Vector256<double> b, Vector256<double> c) = (factor[1], factor[2], factor[3]);
        (Vector256<double> d, Vector256<double> e, Vector256<double> f) = (factor[4], factor[5], factor[6]);
        beta[0] = factor[0];
        (beta[1], beta[2], beta[3]) = (a * a + epsilon, a * b, a * c);
        (beta[4], beta[5], beta[6]) = (b * b + d * d + epsilon, b * c + d * e, c * c + e * e + f * f + epsilon);
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
        Differentiate();
        Vector256<double> x = -_right[1], y = -_right[4], z = -_right[6];
        ChainRule();
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

    /// <summary>∂(ln S0, D)/∂(ln S0, L).</summary>
    private void Differentiate()
    {
        Array.Clear(_derivatives);
        (Vector256<double> a, Vector256<double> b, Vector256<double> c) = (_factor[1], _factor[2], _factor[3]);
        (Vector256<double> d, Vector256<double> e, Vector256<double> f) = (_factor[4], _factor[5], _factor[6]);
        _derivatives[0, 0] = Vector256<double>.One;
        _derivatives[1, 1] = a + a;
        (_derivatives[2, 1], _derivatives[2, 2]) = (b, a);
        (_derivatives[3, 1], _derivatives[3, 3]) = (c, a);
        (_derivatives[4, 2], _derivatives[4, 4]) = (b + b, d + d);
        (_derivatives[5, 2], _derivatives[5, 3], _derivatives[5, 4], _derivatives[5, 5]) = (c, b, e, d);
        (_derivatives[6, 3], _derivatives[6, 5], _derivatives[6, 6]) = (c + c, e + e, f + f);
    }

    private void ChainRule()
    {
        Span<Vector256<double>> half = stackalloc Vector256<double>[Unknowns * Unknowns];
        Span<Vector256<double>> pulls = stackalloc Vector256<double>[Unknowns];
        for (int i = 0; i < Unknowns; i++)
        {
            for (int j = 0; j < Unknowns; j++)
            {
                Vector256<double> sum = Zero;
                for (int k = 0; k < Unknowns; k++)
                {
                    sum += _normal[i <= k ? SymmetricSolve.At(i, k) : SymmetricSolve.At(k, i)] * _derivatives[k, j];
                }

                half[i * Unknowns + j] = sum;
                pulls[j] += _right[i] * _derivatives[i, j];
            }
        }

        for (int i = 0; i < Unknowns; i++)
        {
            _right[i] = pulls[i];
            for (int j = i; j < Unknowns; j++)
            {
                Vector256<double> sum = Zero;
                for (int k = 0; k < Unknowns; k++)
                {
                    sum += _derivatives[k, i] * half[k * Unknowns + j];
                }

                _normal[SymmetricSolve.At(i, j)] = sum;
            }
        }
    }

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
