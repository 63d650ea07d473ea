using static TorchSharp.torch;

namespace Iqt.Reversible.Prediction;

/// <summary>Gradients of parameters on paper.</summary>
/// <param name="timeline">Where they count.</param>
/// <param name="isFused">Whether a block's are used and freed as soon as they are complete.</param>
internal sealed class PredictedParameters(MemoryTimeline timeline, bool isFused)
{
    /// <summary>Bytes of a module's parameters.</summary>
    public static long Bytes(nn.Module module) => module.parameters().Sum(parameter => parameter.numel() * parameter.element_size());

    /// <summary>Gradients that were made.</summary>
    public void Add(long bytes) => timeline.Add(bytes);

    /// <summary>A block's or a segment's gradients are complete.</summary>
    public void Complete(long bytes)
    {
        if (isFused)
        {
            timeline.Pass(bytes); // in one buffer
            timeline.Add(-bytes);
        }
    }
}
