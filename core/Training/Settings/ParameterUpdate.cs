namespace Iqt.Training;

/// <summary>Where in a step parameters are updated. Both give the same weights bit for bit.</summary>
public enum ParameterUpdate
{
    /// <summary>Behind the backward pass, all at once.</summary>
    Behind,

    /// <summary>
    /// Within the backward pass, each block as soon as its gradients are complete: no gradient outlives its block, so the
    /// peak of memory does not grow with depth.
    /// </summary>
    Fused,
}
