namespace Iqt.Reversible;

/// <summary>How a residual function acts on a half of the channels.</summary>
public enum Coupling
{
    /// <summary>y = x + F(source): RevNets (Gomez et al. 2017).</summary>
    Additive,

    /// <summary>
    /// y = x · exp(tanh S(source)) + T(source) with two residual functions S and T in the place of one (RealNVP, Dinh et
    /// al. 2017; the tanh bounds the scale to [1/e, e], so that the inversion stays stable).
    /// </summary>
    Affine,
}
