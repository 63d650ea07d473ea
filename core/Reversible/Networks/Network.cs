using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// A declared network. Maps [batch, channels, depth, height, width] to the same with
/// <see cref="OutputChannels"/> channels and sizes by <see cref="Relation"/>.
/// </summary>
/// <remarks>
/// As an ordinary module (<c>call</c>) it builds one autograd graph where gradients are enabled. To train in
/// constant memory use <see cref="Run"/> and <see cref="ForwardPass.Backward"/>, or <see cref="Backpropagate"/>.
/// </remarks>
public abstract class Network : nn.Module<Tensor, Tensor>
{
    /// <param name="name">The declared name.</param>
    protected Network(string name) : base(name)
    {
    }

    /// <summary>The name on the command line and in checkpoints.</summary>
    public string NetworkName => GetName();

    /// <summary>The values this network was built with, by declared name.</summary>
    public abstract IReadOnlyDictionary<string, int> Hyperparameters { get; }

    /// <summary>The segments in the order in which they run.</summary>
    public abstract IReadOnlyList<Segment> Segments { get; }

    /// <summary>Channels of the input.</summary>
    public int InputChannels => Segments[0].InputChannels;

    /// <summary>Channels of the output.</summary>
    public int OutputChannels => Segments[^1].OutputChannels;

    /// <summary>How the output's edge length follows from the input's.</summary>
    public SpatialRelation Relation => Segments.Aggregate(SpatialRelation.Identity, (relation, segment) => relation.Then(segment.Relation));

    /// <summary>Output voxels per input voxel along each axis (the paper's r).</summary>
    public int UpsamplingRate => Relation.Rate;

    /// <summary>Input voxels at each side that the output does not cover; 2 for the ESPCN.</summary>
    /// <remarks>Half an input voxel, or a part of one, if the declared layers take it.</remarks>
    public double Margin => Relation.Loss / (2.0 * Relation.Rate);

    /// <summary>Edge length of the output for an input with the given edge length.</summary>
    public long OutputSize(long inputSize) => Relation.OutputSize(inputSize);

    /// <summary>Number of trainable numbers.</summary>
    public long ParameterCount => parameters().Sum(p => p.numel());

    /// <summary>Runs as an ordinary module: one autograd graph where gradients are enabled, none otherwise.</summary>
    public sealed override Tensor forward(Tensor input)
    {
        CheckInput(input);
        return Graph(input, Execution.First);
    }

    /// <summary>The forward pass of a training step; the caller disposes what it returns.</summary>
    /// <exception cref="ArgumentException">The input's shape does not fit.</exception>
    public ForwardPass Run(Tensor input, BackpropagationMode mode)
    {
        CheckInput(input);
        return mode == BackpropagationMode.SingleGraph
            ? new SingleGraphPass(Graph, input)
            : RunSegments(input, mode);
    }

    /// <summary>
    /// One forward and backward pass: adds the gradients of <paramref name="loss"/> to those of the
    /// parameters, and returns its value as a detached scalar tensor that the caller disposes.
    /// </summary>
    /// <param name="input">Kept alive by the caller until the call returns.</param>
    /// <param name="mode">How the gradients are computed.</param>
    /// <param name="loss">Maps the output to a scalar; it is differentiated by autograd.</param>
    public Tensor Backpropagate(Tensor input, BackpropagationMode mode, Func<Tensor, Tensor> loss)
    {
        using ForwardPass pass = Run(input, mode);
        using Tensor output = pass.Output.detach().requires_grad_(true);
        using Tensor value = loss(output);
        value.backward();
        using Tensor gradient = output.grad
            ?? throw new InvalidOperationException("The loss does not depend on the network's output: it has no gradient.");
        pass.Backward(gradient)?.Dispose();
        return value.detach();
    }

    /// <summary>Runs one stack forwards without a graph, as the forward pass of a step does.</summary>
    /// <param name="name">The stack's declared name.</param>
    /// <param name="input">[batch, channels, depth, height, width]; not changed.</param>
    /// <returns>The stack's output, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The network has no such stack.</exception>
    public virtual Tensor RunStack(string name, Tensor input) => throw NoSuchStack(name);

    /// <summary>The input of a stack, computed from its output; running statistics stay as they are.</summary>
    /// <param name="name">The stack's declared name.</param>
    /// <param name="output">[batch, channels, depth, height, width]; not changed.</param>
    /// <returns>The stack's input, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The network has no such stack.</exception>
    public virtual Tensor InvertStack(string name, Tensor output) => throw NoSuchStack(name);

    /// <summary>Runs all segments as operations of one autograd graph, or of none where gradients are disabled.</summary>
    protected abstract Tensor Graph(Tensor input, Execution execution);

    /// <summary>Runs segment by segment without a graph and keeps what the backward pass needs.</summary>
    protected abstract ForwardPass RunSegments(Tensor input, BackpropagationMode mode);

    /// <summary>Runs a function with gradients disabled.</summary>
    protected static Tensor WithoutGraph(Func<Tensor, Tensor> function, Tensor input)
    {
        using IDisposable withoutGraph = no_grad();
        return function(input);
    }

    private ArgumentException NoSuchStack(string name) =>
        new($"Network {NetworkName} has no stack '{name}'.", nameof(name));

    private void CheckInput(Tensor input)
    {
        long[] shape = input.shape;
        string? wrong =
            shape.Length != 5 ? "5 dimensions [batch, channels, depth, height, width] are expected"
            : shape[1] != InputChannels ? $"{InputChannels} channels are expected"
            : shape[2..].Min() < Relation.SmallestInput ? $"every edge must have at least {Relation.SmallestInput} voxels"
            : null;
        if (wrong is not null)
        {
            throw new ArgumentException($"Network {NetworkName} can't take an input of shape [{string.Join(", ", shape)}]: {wrong}.", nameof(input));
        }
    }
}
