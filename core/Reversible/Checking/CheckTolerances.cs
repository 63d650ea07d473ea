using TorchSharp;

namespace Iqt.Reversible;

/// <summary>What a check lets pass.</summary>
/// <param name="Gradient">‖g − g_ref‖ / ‖g_ref‖ over the whole network.</param>
/// <param name="Inversion">‖x − x_ref‖ / ‖x_ref‖ over a stack's input.</param>
/// <remarks>The tolerance of running statistics follows from that of gradients (<see cref="NetworkCheck.RunningStatistics"/>).</remarks>
public sealed record CheckTolerances(double Gradient, double Inversion)
{
    /// <summary>The relative error of one rounding.</summary>
    /// <param name="dtype">Float32 or float64.</param>
    internal static double UnitRoundoff(torch.ScalarType dtype) => dtype == torch.ScalarType.Float64 ? Math.Pow(2, -53) : Math.Pow(2, -24);

    /// <summary>
    /// In float64 what rounding leaves (design: 1e-9 and 1e-10); in float32 the drift of a dozen blocks:
    /// reconstruction loses about a digit a few blocks.
    /// </summary>
    /// <exception cref="ArgumentException">Neither float32 nor float64.</exception>
    public static CheckTolerances For(torch.ScalarType dtype) => dtype switch
    {
        torch.ScalarType.Float64 => new(1e-9, 1e-10),
        torch.ScalarType.Float32 => new(1e-3, 1e-3),
        _ => throw new ArgumentException($"Networks are checked in float32 or float64, not in {dtype}.", nameof(dtype)),
    };
}
