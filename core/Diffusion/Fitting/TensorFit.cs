using System.Runtime.Intrinsics;

namespace Iqt.Diffusion;

/// <summary>
/// Least-squares fit of diffusion tensors (Basser 1994): log-linear, ordinary or reweighted, or of the signal itself over
/// positive definite tensors.
/// </summary>
public static class TensorFit
{
    private const int VoxelsPerTask = 4096;

    /// <summary>
    /// Fits a tensor and S0 in each voxel of the mask. The series is read once, or as often as
    /// <see cref="FitOptions.SignalMemory"/> needs; beyond that and the result, memory is one volume.
    /// </summary>
    /// <param name="source">The series.</param>
    /// <param name="gradients">One row per volume of the series.</param>
    /// <param name="mask">Where to fit; on the grid of the series.</param>
    /// <param name="options">The paper's b=1000 shell and DIPY's WLS if null.</param>
    /// <param name="progress">Gets the part done, 0 to 1.</param>
    /// <param name="cancellation">Ends the fit early.</param>
    /// <exception cref="GradientException">Counts differ, the shell is absent or the directions don't determine a tensor.</exception>
    /// <exception cref="DataException">The mask is empty or of another size, or the series can't be read.</exception>
    public static FitResult Fit(DwiSource source, GradientTable gradients, Mask mask, FitOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new FitOptions();
        gradients.CheckVolumes(source.Volumes, source.Name);
        if (mask.Grid.Size != source.Grid.Size)
        {
            throw new DataException($"{source.Name}: its volumes have {source.Grid.Size} voxels but the mask has {mask.Grid.Size}, as many were expected. Use the mask of this series.");
        }

        if (mask.Count == 0)
        {
            throw new DataException($"{source.Name}: the mask is empty, at least one voxel inside was expected. Use another mask.");
        }

        int[] trace = gradients.TraceVolumes();
        int[] volumes = options.Shell?.Volumes(gradients) ?? [.. Enumerable.Range(0, gradients.Count).Except(trace)];
        var design = new DesignMatrix(gradients.Select(volumes));
        int[] voxels = [.. Enumerable.Range(0, mask.Values.Length).Where(i => mask.Values[i])];
        var fit = new Accumulator(source.Grid, design, options, volumes.Length);
        int part = VoxelsPerPass(options, volumes.Length, voxels.Length);
        // One array for all passes: while one is filled, the collector need not have found the last.
        var signals = new float[(long)Stride(Math.Min(part, voxels.Length)) * volumes.Length];
        for (int start = 0; start < voxels.Length; start += part)
        {
            int[] chosen = voxels[start..Math.Min(start + part, voxels.Length)];
            int done = start;
            IProgress<double>? inner = progress is null ? null : new Scaled(progress, done, chosen.Length, voxels.Length);
            Gather(source, volumes, chosen, signals, inner, cancellation);
            fit.Add(chosen, signals, inner, cancellation);
        }

        return fit.Result(voxels.Length, trace.Length);
    }

    private static int VoxelsPerPass(FitOptions options, int volumes, int voxels)
    {
        long fitting = Math.Max(options.SignalMemory / (sizeof(float) * (long)volumes), VoxelsPerTask);
        // One array holds a pass; .NET bounds its length.
        long indexable = Array.MaxLength / volumes - FourVoxelFit.Lanes;
        return (int)Math.Min(voxels, Math.Min(fitting, indexable));
    }

    /// <summary>Signals of the voxels, volume after volume, each volume padded to whole groups of four.</summary>
    private static void Gather(DwiSource source, int[] volumes, int[] voxels, float[] signals, IProgress<double>? progress, CancellationToken cancellation)
    {
        int stride = Stride(voxels.Length);
        int position = 0;
        source.Visit(volumes, (_, values) =>
        {
            Span<float> row = signals.AsSpan(position * stride, voxels.Length);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = values[voxels[i]];
            }

            // The array is used again: what an earlier pass left there would be fitted and counted.
            signals.AsSpan(position * stride + voxels.Length, stride - voxels.Length).Clear();
            position++;
            progress?.Report(0.5 * position / volumes.Length);
        }, cancellation);
    }

    private static int Stride(int voxels) => (voxels + FourVoxelFit.Lanes - 1) / FourVoxelFit.Lanes * FourVoxelFit.Lanes;

    private sealed class Scaled(IProgress<double> whole, int start, int length, int total) : IProgress<double>
    {
        public void Report(double value) => whole.Report((start + value * length) / total);
    }

    private sealed class Accumulator(Grid grid, DesignMatrix design, FitOptions options, int volumes)
    {
        private readonly TensorImage _tensors = new(grid);
        private readonly Volume _s0 = new(grid);
        private readonly Volume? _residual = options.Residuals ? new Volume(grid) : null;
        private long _clamped;
        private int _withoutSignal;
        private int _notPositive;
        private int _unweighted;
        private int _unsettled;

        public void Add(int[] voxels, float[] signals, IProgress<double>? progress, CancellationToken cancellation)
        {
            int tasks = (voxels.Length + VoxelsPerTask - 1) / VoxelsPerTask;
            int done = 0;
            var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
            Parallel.For(0, tasks, parallel, task =>
            {
                int first = task * VoxelsPerTask;
                FitVoxels(voxels, signals, first, Math.Min(first + VoxelsPerTask, voxels.Length));
                progress?.Report(0.5 + 0.5 * Interlocked.Increment(ref done) / tasks);
            });
        }

        public FitResult Result(int voxels, int traceVolumes) => new()
        {
            Tensors = _tensors,
            S0 = _s0,
            Residual = _residual,
            Voxels = voxels,
            Volumes = volumes,
            TraceVolumes = traceVolumes,
            ClampedSignals = _clamped,
            WithoutSignal = _withoutSignal,
            NonPositiveDefinite = _notPositive,
            Unweighted = _unweighted,
            Unsettled = _unsettled,
        };

        private void FitVoxels(int[] voxels, float[] signals, int first, int end)
        {
            var fit = new FourVoxelFit(design, options);
            int stride = Stride(voxels.Length);
            int without = 0, notPositive = 0, unweighted = 0, unsettled = 0;
            for (int group = first; group < end; group += FourVoxelFit.Lanes)
            {
                fit.Fit(signals, group, stride);
                uint hasSignal = fit.HasSignal.ExtractMostSignificantBits();
                uint solved = fit.Solved.ExtractMostSignificantBits();
                uint settled = fit.Settled.ExtractMostSignificantBits();
                Vector256<double> residual = _residual is null ? default : fit.Residual();
                for (int lane = 0; lane < FourVoxelFit.Lanes && group + lane < end; lane++)
                {
                    if ((hasSignal >> lane & 1) == 0)
                    {
                        without++;
                        continue;
                    }

                    unweighted += (solved >> lane & 1) == 0 ? 1 : 0;
                    unsettled += (settled >> lane & 1) == 0 ? 1 : 0;
                    notPositive += Store(voxels[group + lane], fit.Beta, lane) ? 0 : 1;
                    if (_residual is not null)
                    {
                        _residual.Values[voxels[group + lane]] = (float)residual[lane];
                    }
                }
            }

            Interlocked.Add(ref _clamped, fit.ClampedSignals);
            Interlocked.Add(ref _withoutSignal, without);
            Interlocked.Add(ref _notPositive, notPositive);
            Interlocked.Add(ref _unweighted, unweighted);
            Interlocked.Add(ref _unsettled, unsettled);
        }

        /// <summary>Stores one voxel; whether its tensor is positive definite.</summary>
        private bool Store(int voxel, ReadOnlySpan<Vector256<double>> beta, int lane)
        {
            int count = grid.Size.Voxels;
            for (int element = 0; element < TensorImage.Elements; element++)
            {
                _tensors.Values[element * count + voxel] = (float)(beta[element + 1][lane] * DesignMatrix.DiffusivityUnit);
            }

            _s0.Values[voxel] = (float)Math.Exp(beta[0][lane]);
            return PositiveDefiniteness.Holds(beta[1][lane], beta[2][lane], beta[3][lane], beta[4][lane], beta[5][lane], beta[6][lane]);
        }
    }
}
