using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>The loss of a training step, from the caller's function.</summary>
internal static class StepLoss
{
    /// <summary>
    /// The loss of the outputs, in their graph and in memory of its own: libtorch's mean_squared_error leaves its scalar in a
    /// buffer of the output's size, which lived through the backward pass and with whoever kept the loss.
    /// </summary>
    /// <exception cref="LossException">It does not depend on the outputs, is no single number, or was disposed.</exception>
    public static Tensor Of(Func<IReadOnlyList<Tensor>, Tensor> loss, Tensor[] outputs)
    {
        Tensor value = loss(outputs) ?? throw new LossException("The loss is null: hand back the tensor that was computed.");
        if (outputs.Any(output => output.IsInvalid))
        {
            throw new LossException("The function that computes the loss disposed the network's output, which the backward pass reads: dispose only what it made.");
        }

        if (value.IsInvalid)
        {
            throw new LossException("The loss was disposed by the function that computes it: hand it back without 'using'.");
        }

        try
        {
            return value.numel() != 1 ? throw new LossException($"The loss has the shape [{string.Join(", ", value.shape)}], one number was expected: take its mean or its sum.")
                : value.requires_grad ? value.clone()
                : throw Independent();
        }
        finally
        {
            // An output may be the loss itself.
            if (!outputs.Any(output => ReferenceEquals(output, value)))
            {
                value.Dispose();
            }
        }
    }

    /// <summary>What a loss is refused with that has nothing to differentiate.</summary>
    public static LossException Independent() => new("The loss does not depend on the network's output: it has no gradient.");
}
