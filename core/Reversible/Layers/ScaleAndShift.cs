using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>The two residual functions that affine coupling has in the place of one.</summary>
/// <typeparam name="TFunction">The residual function.</typeparam>
public sealed class ScaleAndShift<TFunction> : nn.Module, ISizeKeeping
    where TFunction : ResidualFunction
{
    /// <param name="scale">Gives the logarithm of the factor, before the tanh.</param>
    /// <param name="shift">Gives the summand.</param>
    public ScaleAndShift(TFunction scale, TFunction shift) : base("ScaleAndShift")
    {
        Scale = scale;
        Shift = shift;
        register_module("scale", scale);
        register_module("shift", shift);
    }

    /// <summary>Gives the logarithm of the factor, before the tanh.</summary>
    public TFunction Scale { get; }

    /// <summary>Gives the summand.</summary>
    public TFunction Shift { get; }

    SpatialMap ISizeKeeping.Sizes => Scale.Sizes;
}
