using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>The numbers that the two halves of a stack are held in while its blocks add to them.</summary>
/// <remarks>
/// Inversion subtracts what the forward pass added. In float32 the rounding of both grows with every block; in float64 it stays so
/// far below a float32 number that the residual functions, which remain in float32, read the same numbers as in the forward
/// pass, and the gradients are those of stored activations (docs/benchmarks.md has figures of both, and what it costs).
/// </remarks>
public static class ResidualStreamType
{
    /// <summary>Stacks of at least so many blocks have a float64 stream where nothing else is asked for.</summary>
    public const int DeepStack = 16;

    /// <summary>
    /// The type of a stack's halves. It depends on the declared depth and not on the mode, so that every mode computes the same.
    /// </summary>
    /// <param name="asked"><see cref="Adjoints.StepOptions.StreamType"/>.</param>
    /// <param name="blocks">Of the stack.</param>
    /// <param name="input">Type of the stack's input.</param>
    public static ScalarType Of(ScalarType? asked, int blocks, ScalarType input) =>
        asked ?? (blocks >= DeepStack && input == ScalarType.Float32 ? ScalarType.Float64 : input);
}
