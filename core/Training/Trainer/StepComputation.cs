using Iqt.Reversible;
using Iqt.Reversible.Adjoints;
using Iqt.Reversible.Prediction;
using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>How the settings' training steps are computed, in the engine's words.</summary>
internal static class StepComputation
{
    /// <summary>Types, and which blocks keep their activations.</summary>
    /// <exception cref="ArgumentException">The memory budget is too small; the message says what the smallest would be.</exception>
    public static StepOptions Of(Network network, TrainingSettings settings)
    {
        ScalarType? stream = settings.Stream switch
        {
            StreamType.F32 => ScalarType.Float32,
            StreamType.F64 => ScalarType.Float64,
            _ => null,
        };
        return new()
        {
            StreamType = stream,
            ConvolutionType = settings.Precision == ConvolutionPrecision.Bf16 ? ScalarType.BFloat16 : null,
            KeptBlocks = settings.MemoryBudget is { } budget
                ? MemoryBudget.KeptBlocks(
                    new MemoryPrediction(network, settings.BatchSize, settings.PatchSize, stream),
                    network,
                    budget.Bytes,
                    isFused: settings.Update == ParameterUpdate.Fused)
                : StepOptions.Default.KeptBlocks,
        };
    }
}
