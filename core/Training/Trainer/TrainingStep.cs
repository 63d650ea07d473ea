using Iqt.Reversible;
using Iqt.Reversible.Adjoints;
using Iqt.Reversible.Optimizers;
using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>One step of Adam (Kingma and Ba 2015) at a time. Leaves no tensors behind but Adam's moments.</summary>
public sealed class TrainingStep : IDisposable
{
    private readonly Network _network;
    private readonly BackpropagationMode _mode;
    private readonly StepOptions _options;
    private readonly bool _isFused;
    private readonly Adam _adam;

    /// <param name="network">
    /// In training mode while <see cref="Run"/> is called; stays the caller's. Its parameters become views of Adam's buffers.
    /// </param>
    /// <param name="settings">Mode, types, memory budget, Adam's constants, clipping, where it updates.</param>
    /// <exception cref="Iqt.Diffusion.DataException">Settings that make no sense together.</exception>
    /// <exception cref="ArgumentException">The memory budget is too small for the network.</exception>
    public TrainingStep(Network network, TrainingSettings settings)
    {
        settings.Check();
        _network = network;
        _mode = settings.Mode;
        _isFused = settings.Update == ParameterUpdate.Fused;
        _options = StepComputation.Of(network, settings);
        _adam = new Adam(
            network,
            settings.LearningRate,
            settings.FirstMomentDecay,
            settings.SecondMomentDecay,
            settings.AdamEpsilon,
            settings.WeightDecay)
        {
            MaxGradientNorm = settings.ClipNorm,
        };
        _options = _isFused ? _adam.Fused(_options) : _options;
        _adam.ZeroGradients();
    }

    /// <summary>
    /// After the first step: the segments that no gradient reached (<see cref="GradientReach"/>). Not known, and empty, of a fused update,
    /// which frees gradients as they come.
    /// </summary>
    public IReadOnlyList<string>? Unreached { get; private set; }

    /// <summary>Adam's rate.</summary>
    public double Rate
    {
        get => _adam.LearningRate;
        set => _adam.LearningRate = value;
    }

    /// <summary>
    /// Computes the gradients and, if the loss is finite, updates the parameters. A loss that is not finite leaves
    /// them as they were.
    /// </summary>
    /// <returns>The loss before the update.</returns>
    public double Run(PatchBatch batch)
    {
        try
        {
            double loss = Backpropagate(batch);
            Unreached ??= _isFused || !double.IsFinite(loss) ? [] : GradientReach.Unreached(_network);
            if (!_isFused && double.IsFinite(loss))
            {
                _adam.Step();
            }

            return loss;
        }
        finally
        {
            // Here rather than before the next step: between steps there is validation, which needs the memory.
            _adam.ZeroGradients();
        }
    }

    /// <summary>The loss that is trained on: of a network's output, a number.</summary>
    public static Tensor Loss(Tensor output, PatchBatch batch) => SquaredError.Root(output, batch);

    private double Backpropagate(PatchBatch batch)
    {
        double value = double.NaN;

        // Looked at before the backward pass, for a fused update is done within it.
        bool IsFinite(Tensor loss) => double.IsFinite(value = SquaredError.Number(loss));
        _network.Backpropagate(batch.Input, _mode, output => NamedLoss(output, batch), _options, IsFinite).Dispose();
        return value;
    }

    // What libtorch and TorchSharp throw does not say that it was the loss.
    private static Tensor NamedLoss(Tensor output, PatchBatch batch)
    {
        try
        {
            return Loss(output, batch);
        }
        catch (Exception error) when (error is not (OutOfMemoryException or LossException))
        {
            throw new LossException($"The loss failed on an output of [{string.Join(", ", output.IsInvalid ? batch.Target.shape : output.shape)}]: {error.Message.Split('\n')[0]} See TrainingStep.Loss.", error);
        }
    }

    /// <summary>A copy of the optimiser's state.</summary>
    public IReadOnlyList<SafetensorsEntry> CaptureOptimizer() => AdamState.Capture(_adam);

    /// <summary>Puts the optimiser back into a state that was captured.</summary>
    /// <param name="entries">All of <see cref="CaptureOptimizer"/>.</param>
    /// <param name="name">Where they come from, for messages.</param>
    /// <exception cref="Iqt.Diffusion.DataException">They belong to another network.</exception>
    public void RestoreOptimizer(IReadOnlyList<SafetensorsEntry> entries, string name) => AdamState.Restore(_adam, entries, name);

    /// <inheritdoc/>
    public void Dispose() => _adam.Dispose();
}
