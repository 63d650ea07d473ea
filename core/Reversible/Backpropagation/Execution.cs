namespace Iqt.Reversible;

/// <summary>
/// Whether layers run for the first time in a step, or again because the backward pass recomputes them. Only
/// the first run may change a network's state: the running statistics of a normalisation.
/// </summary>
public enum Execution
{
    /// <summary>The forward pass: running statistics are updated in training mode.</summary>
    First,

    /// <summary>A recomputation in the backward pass, or an inversion: the state stays as it is.</summary>
    Repeated,
}
