namespace Iqt.Diffusion;

/// <summary>Fitted tensors and what was out of the ordinary on the way.</summary>
public sealed record FitResult
{
    /// <summary>Tensors in mm²/s; zero outside the mask.</summary>
    public required TensorImage Tensors { get; init; }

    /// <summary>Fitted signal without diffusion weighting, in units of the input; zero outside the mask.</summary>
    public required Volume S0 { get; init; }

    /// <summary>
    /// Root mean square of measured less fitted signal over the volumes used, in units of the input, signals that were raised
    /// to the floor taken as the floor; null if it was not asked for.
    /// </summary>
    public Volume? Residual { get; init; }

    /// <summary>Number of voxels fitted.</summary>
    public required int Voxels { get; init; }

    /// <summary>Number of volumes used.</summary>
    public required int Volumes { get; init; }

    /// <summary>Volumes with a b-value but no direction, which were left out.</summary>
    public required int TraceVolumes { get; init; }

    /// <summary>Signals (not voxels) that were raised to the floor.</summary>
    public required long ClampedSignals { get; init; }

    /// <summary>Voxels of the mask without any positive signal; their tensors are zero.</summary>
    public required int WithoutSignal { get; init; }

    /// <summary>Voxels whose tensor has an eigenvalue of 0 or less; kept as fitted.</summary>
    public required int NonPositiveDefinite { get; init; }

    /// <summary>Voxels where a weighted system could not be solved; they keep the fit before it.</summary>
    public required int Unweighted { get; init; }

    /// <summary>Voxels whose nonlinear fit did not settle; they keep its last step.</summary>
    public required int Unsettled { get; init; }
}
