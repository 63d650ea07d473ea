using Iqt.Reversible.Adjoints;
using Iqt.Reversible.Optimizers;
using static TorchSharp.torch;

namespace Iqt.Reversible.Benchmarking;

/// <summary>
/// A training step to be measured: forward pass, mean squared error against zeros over every output, backward pass, Adam. Owns
/// network, optimiser and data.
/// </summary>
public sealed class BenchmarkStep : IDisposable
{
    private readonly BackpropagationMode _mode;
    private readonly UpdatePlace _update;
    private readonly StepOptions _options;
    private readonly FlatOptimizer? _flat;
    private readonly optim.Optimizer? _ordinary;
    private readonly Tensor[] _inputs;
    private readonly Tensor[] _targets;

    /// <param name="declaration">The network's.</param>
    /// <param name="hyperparameters">Those that are not the declared ones.</param>
    /// <param name="mode">How gradients are computed; with an ordinary update always by one graph.</param>
    /// <param name="update">Where parameters are updated.</param>
    /// <param name="batch">Number of examples.</param>
    /// <param name="size">Edge of every input in voxels.</param>
    /// <param name="options">How else the step is computed.</param>
    /// <param name="device">Where it is computed; the CPU if not given.</param>
    /// <exception cref="ArgumentException">The size does not fit the network.</exception>
    public BenchmarkStep(
        NetworkDeclaration declaration,
        IReadOnlyDictionary<string, int> hyperparameters,
        BackpropagationMode mode,
        UpdatePlace update,
        long batch,
        long size,
        StepOptions? options = null,
        Device? device = null)
    {
        _mode = update == UpdatePlace.Ordinary ? BackpropagationMode.SingleGraph : mode;
        _update = update;
        _options = options ?? StepOptions.Default;
        Network = declaration.Create(hyperparameters, device);
        var sizes = new NetworkSizes(Network, [.. Network.Inputs.Select(_ => size)]);
        if (sizes.Misfit is { } misfit)
        {
            Network.Dispose();
            throw new ArgumentException($"An edge of {size} voxels does not fit network {declaration.Name}: {misfit}.", nameof(size));
        }

        Tensor Image(Func<long[], Tensor> make, int channels, long edge) => make([batch, channels, .. Enumerable.Repeat(edge, Network.Dimensions)]);
        _inputs = [.. Network.Inputs.Select(input => Image(shape => randn(shape, device: device), input.Channels, size))];
        _targets = [.. Network.Segments.Where(segment => segment.IsOutput).Select(output => Image(shape => zeros(shape, device: device), output.OutputChannels, sizes[output.Name]))];
        if (update == UpdatePlace.Ordinary)
        {
            _ordinary = optim.Adam(Network.parameters(), 1e-4);
        }
        else
        {
            _flat = new Adam(Network, 1e-4);
        }
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>Runs the step. Behind it no gradient is left, so that the next one makes its own.</summary>
    public void Run()
    {
        if (_ordinary is not null)
        {
            Ordinary(_ordinary);
            return;
        }

        if (_update == UpdatePlace.Fused)
        {
            Network.Backpropagate(_inputs, _mode, Loss, _flat!.Fused(_options)).Dispose();
            return;
        }

        Network.Backpropagate(_inputs, _mode, Loss, _options).Dispose();
        _flat!.Step();
        _flat.ZeroGradients();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _flat?.Dispose();
        _ordinary?.Dispose();
        Array.ForEach(_inputs, tensor => tensor.Dispose());
        Array.ForEach(_targets, tensor => tensor.Dispose());
        Network.Dispose();
    }

    private void Ordinary(optim.Optimizer adam)
    {
        Tensor[] outputs = Network.Call(_inputs);
        using (Tensor loss = Loss(outputs))
        {
            Array.ForEach(outputs, output => output.Dispose());
            loss.backward();
        }

        adam.step();
        adam.zero_grad();
    }

    private Tensor Loss(IReadOnlyList<Tensor> outputs)
    {
        Tensor[] parts = [.. outputs.Zip(_targets, (output, target) => nn.functional.mse_loss(output, target))];
        if (parts is [var only])
        {
            return only;
        }

        using Tensor together = stack(parts);
        Array.ForEach(parts, part => part.Dispose());
        return together.sum();
    }
}
