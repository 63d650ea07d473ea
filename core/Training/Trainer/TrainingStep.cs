using Iqt.Reversible;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace Iqt.Training;

/// <summary>One step of Adam (Kingma and Ba 2015) at a time. Leaves no tensors behind but Adam's moments.</summary>
public sealed class TrainingStep : IDisposable
{
    private readonly Network _network;
    private readonly BackpropagationMode _mode;
    private readonly double? _clipNorm;
    private readonly Adam _adam;

    /// <param name="network">In training mode while <see cref="Run"/> is called; stays the caller's.</param>
    /// <param name="settings">Mode, Adam's constants, clipping.</param>
    public TrainingStep(Network network, TrainingSettings settings)
    {
        _network = network;
        _mode = settings.Mode;
        _clipNorm = settings.ClipNorm;
        _adam = optim.Adam(
            network.parameters(),
            settings.LearningRate,
            settings.FirstMomentDecay,
            settings.SecondMomentDecay,
            settings.AdamEpsilon,
            settings.WeightDecay);
    }

    /// <summary>Adam's rate.</summary>
    public double Rate
    {
        get => _adam.ParamGroups.First().LearningRate;
        set
        {
            foreach (ILearningRateController group in _adam.ParamGroups)
            {
                group.LearningRate = value;
            }
        }
    }

    /// <summary>
    /// Computes the gradients and, if the loss is finite, updates the parameters. A loss that is not finite leaves
    /// them as they were.
    /// </summary>
    /// <returns>The loss before the update.</returns>
    public double Run(PatchBatch batch)
    {
        foreach (Parameter parameter in _network.parameters())
        {
            // Cheaper than filling with zeros, and no gradient outlives its step.
            parameter.grad = null;
        }

        using Tensor loss = _network.Backpropagate(batch.Input, _mode, output => SquaredError.Root(output, batch));
        double value = SquaredError.Number(loss);
        if (double.IsFinite(value))
        {
            Clip();
            _adam.step();
        }

        return value;
    }

    private void Clip()
    {
        if (_clipNorm is { } norm)
        {
            using DisposeScope temporaries = NewDisposeScope();
            nn.utils.clip_grad_norm_(_network.parameters(), norm);
        }
    }

    /// <summary>A copy of the optimiser's state.</summary>
    public IReadOnlyList<SafetensorsEntry> CaptureOptimizer() => AdamState.Capture(_adam, _network);

    /// <summary>Puts the optimiser back into a state that was captured.</summary>
    /// <param name="entries">All of <see cref="CaptureOptimizer"/>.</param>
    /// <param name="name">Where they come from, for messages.</param>
    /// <exception cref="Iqt.Diffusion.DataException">They belong to another network.</exception>
    public void RestoreOptimizer(IReadOnlyList<SafetensorsEntry> entries, string name) => AdamState.Restore(_adam, _network, entries, name);

    /// <inheritdoc/>
    public void Dispose() => _adam.Dispose();
}
