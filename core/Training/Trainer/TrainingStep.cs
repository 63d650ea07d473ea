using Iqt.Reversible;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace Iqt.Training;

/// <summary>One step of Adam (Kingma and Ba 2015) at a time. Leaves no tensors behind but Adam's moments.</summary>
public sealed class TrainingStep : IDisposable
{
    private readonly Network _network;
    private readonly BackpropagationMode _mode;
    private readonly optim.Optimizer _adam;

    /// <param name="network">In training mode while <see cref="Run"/> is called; stays the caller's.</param>
    /// <param name="mode">How gradients are computed.</param>
    /// <param name="rate">Adam's.</param>
    public TrainingStep(Network network, BackpropagationMode mode, double rate)
    {
        _network = network;
        _mode = mode;
        _adam = optim.Adam(network.parameters(), rate);
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
            _adam.step();
        }

        return value;
    }

    /// <inheritdoc/>
    public void Dispose() => _adam.Dispose();
}
