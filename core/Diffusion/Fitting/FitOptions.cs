namespace Iqt.Diffusion;

/// <summary>How tensors are fitted to the logarithm of the signal.</summary>
public sealed record FitOptions
{
    /// <summary>
    /// Weighted fits after the ordinary one. 0: ordinary least squares. 1: weighted once with the squared
    /// predicted signal, DIPY's WLS. 2: <c>dwi2tensor -ols -iter 2</c>.
    /// </summary>
    public int Reweightings { get; init; } = 1;

    /// <summary>
    /// Whether the weighted fit is the start of a nonlinear one: least squares of the signal itself over positive
    /// definite tensors.
    /// </summary>
    public bool Constrained { get; init; }

    /// <summary>Whether <see cref="FitResult.Residual"/> is wanted.</summary>
    public bool Residuals { get; init; }

    /// <summary>The volumes used; null for all. Trace volumes never are.</summary>
    public Shell? Shell { get; init; } = new();

    /// <summary>
    /// Signals below this part of the voxel's largest one, and those that are no finite number, are raised to it and
    /// counted. A logarithm needs a positive number; much smaller floors (MRtrix: 1e-6) let one dropout decide a voxel.
    /// </summary>
    public double SignalFloor { get; init; } = 1e-4;

    /// <summary>
    /// Bytes for the signals of the mask as float32. If they need more, the series is read several times and fitted
    /// in as many parts.
    /// </summary>
    public long SignalMemory { get; init; } = 1L << 30;
}
