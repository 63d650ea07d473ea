namespace Iqt.Reversible;

/// <summary>How parameters start.</summary>
public enum InitializationScheme
{
    /// <summary>The paper's: He (2015) for every convolution.</summary>
    He,

    /// <summary>
    /// He, but the last convolution of every residual function is zero, so that each block starts as the
    /// identity and depth pays from the first epoch.
    /// </summary>
    Identity,
}
