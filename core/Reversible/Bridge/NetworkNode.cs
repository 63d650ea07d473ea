using System.Runtime.ExceptionServices;
using Iqt.Reversible.Adjoints;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// A forward pass as one node of an ordinary autograd graph: <c>loss.backward()</c> runs the pass's own backward pass, which
/// adds to the <c>grad</c> of the network's parameters, and hands ∂L/∂input on.
/// </summary>
/// <remarks>
/// libtorch ends the process if managed code throws within its backward pass. What goes wrong there is therefore kept, and
/// <see cref="EndBackward"/>, behind <c>loss.backward()</c>, throws it. Dispose the node when its step is done.
/// </remarks>
public sealed class NetworkNode : IDisposable
{
    private readonly bool[] _wanted; // asked of the inputs while they live: the caller may dispose its handles before the backward pass
    private readonly Tensor _anchor;
    private readonly bool _retainCaches;
    private readonly List<Tensor> _handedOn = [];
    private readonly ForwardPass _pass;
    private int _runs;
    private Exception? _failure;

    /// <param name="network">The network.</param>
    /// <param name="inputs">Of the graph; those that require a gradient are given theirs.</param>
    /// <param name="mode">Any but one graph, which needs no node.</param>
    /// <param name="options">How else the step is computed.</param>
    /// <param name="retainCaches">Whether <c>backward</c> will be called more than once.</param>
    /// <exception cref="ArgumentException">One graph was asked for, or an input's shape does not fit.</exception>
    public NetworkNode(Network network, IReadOnlyList<Tensor> inputs, BackpropagationMode mode = BackpropagationMode.Reversible, StepOptions? options = null, bool retainCaches = false)
    {
        if (mode == BackpropagationMode.SingleGraph)
        {
            throw new ArgumentException($"In mode {mode} the network is part of the graph as it is: use {nameof(Network.Call)}.", nameof(mode));
        }

        _retainCaches = retainCaches;
        _wanted = [.. inputs.Select(input => input.requires_grad)];
        _pass = network.Run(inputs, mode, options);
        _anchor = zeros(1, device: inputs[0].device, requires_grad: true); // a graph begins at something that requires a gradient
        try
        {
            Outputs = NetworkFunction.apply([this, _anchor, .. inputs]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The network's outputs, part of the graph; owned by the node.</summary>
    public IReadOnlyList<Tensor> Outputs { get; } = [];

    /// <summary>The output of a network that has one.</summary>
    /// <exception cref="InvalidOperationException">The network has several.</exception>
    public Tensor Output => Outputs is [var only] ? only : throw new InvalidOperationException($"The network has {Outputs.Count} outputs. Use {nameof(Outputs)}.");

    /// <summary>Throws what went wrong in the backward pass; to be called behind <c>loss.backward()</c>.</summary>
    /// <exception cref="InvalidOperationException">The backward pass did not come here.</exception>
    public void EndBackward()
    {
        if (_failure is { } failure)
        {
            _failure = null;
            ExceptionDispatchInfo.Throw(failure);
        }

        if (_runs == 0)
        {
            throw new InvalidOperationException("No backward pass came to this network: the loss does not depend on its output, or backward was not called.");
        }
    }

    /// <summary>Frees the outputs, the caches and the gradients that were handed on.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in Outputs.Concat(_handedOn))
        {
            tensor.Dispose();
        }

        _handedOn.Clear();
        _anchor.Dispose();
        _pass.Dispose();
    }

    internal List<Tensor> Forward()
    {
        List<Tensor> outputs = [.. _pass.Outputs.Select(output => output.alias())];
        _handedOn.AddRange(outputs);
        return outputs;
    }

    /// <summary>Never throws. One gradient or null for each argument of <see cref="NetworkFunction"/>.</summary>
    internal List<Tensor?> Backward(IReadOnlyList<Tensor> outputGradients)
    {
        List<Tensor?> none = [null, null, .. _wanted.Select(_ => (Tensor?)null)];
        try
        {
            bool want = _wanted.Contains(true);
            IReadOnlyList<Tensor> gradients = _pass.Backward([.. outputGradients.Select(gradient => gradient.IsInvalid ? null : gradient)], want, _retainCaches);
            _runs++;
            _handedOn.AddRange(gradients.Select(gradient => gradient.DetachFromDisposeScope())); // libtorch reads them behind this call
            return [null, null, .. _wanted.Select((wanted, i) => wanted ? gradients[i] : null)];
        }
#pragma warning disable CA1031 // see the remarks of this class
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failure = failure;
            return none;
        }
    }
}
