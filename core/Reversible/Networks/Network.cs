using Iqt.Reversible.Adjoints;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// A declared network. Maps [batch, channels, depth, height, width] (in 2D without depth) to the same with other channels
/// and sizes.
/// </summary>
/// <remarks>
/// As an ordinary module (<c>call</c>) it builds one autograd graph where gradients are enabled. To train in constant memory
/// use <see cref="Run(Tensor, BackpropagationMode, StepOptions)"/> and <see cref="ForwardPass.Backward(Tensor, bool, bool)"/>, or
/// <see cref="Backpropagate(Tensor, BackpropagationMode, Func{Tensor, Tensor}, StepOptions, Predicate{Tensor})"/>.
/// </remarks>
public abstract partial class Network : nn.Module<Tensor, Tensor>
{
    private SpatialRelation? _relation;
    private List<IRandomLayer>? _randomLayers;

    /// <param name="name">The declared name.</param>
    protected Network(string name) : base(name)
    {
    }

    /// <summary>The name on the command line and in checkpoints.</summary>
    public string NetworkName => GetName();

    /// <summary>Spatial dimensions, 2 or 3.</summary>
    public virtual int Dimensions => 3;

    /// <summary>The values this network was built with, by declared name.</summary>
    public abstract IReadOnlyDictionary<string, int> Hyperparameters { get; }

    /// <summary>The inputs in the order in which they are passed.</summary>
    public virtual IReadOnlyList<NetworkInput> Inputs => [new("Input", Segments[0].InputChannels)];

    /// <summary>The segments in the order in which they run.</summary>
    public abstract IReadOnlyList<Segment> Segments { get; }

    /// <summary>Channels of the first input.</summary>
    public int InputChannels => Inputs[0].Channels;

    /// <summary>Channels of the last output.</summary>
    public int OutputChannels => Segments[^1].OutputChannels;

    /// <summary>How the last output's edge length follows from the input's, or from that of all inputs where they are equal.</summary>
    /// <exception cref="InvalidOperationException">The network does not map images to images.</exception>
    public SpatialRelation Relation => _relation ??= NetworkSizes.Relate(this);

    /// <summary>Output voxels per input voxel along each axis (the paper's r).</summary>
    public int UpsamplingRate => Relation.Rate;

    /// <summary>Input voxels at each side that the output does not cover; 2 for the ESPCN.</summary>
    /// <remarks>Half an input voxel, or a part of one, if the declared layers take it.</remarks>
    public double Margin => Relation.Loss / (2.0 * Relation.Rate);

    /// <summary>Edge length of the output for an input with the given edge length.</summary>
    public long OutputSize(long inputSize) => Relation.OutputSize(inputSize);

    /// <summary>The shortest edge length of at least so many voxels that an input may have.</summary>
    public long InputSize(long atLeast) => Relation.InputSize(atLeast);

    /// <summary>Number of trainable numbers.</summary>
    public long ParameterCount => parameters().Sum(p => p.numel());

    /// <summary>Runs as an ordinary module: one autograd graph where gradients are enabled, none otherwise.</summary>
    /// <exception cref="InvalidOperationException">The network has several inputs or outputs: use <see cref="Call"/>.</exception>
    public sealed override Tensor forward(Tensor input)
    {
        Tensor[] outputs = Call(input);
        if (outputs.Length == 1)
        {
            return outputs[0];
        }

        Array.ForEach(outputs, output => output.Dispose());
        throw new InvalidOperationException($"Network {NetworkName} has {outputs.Length} outputs. Use {nameof(Call)}, which returns all of them.");
    }

    /// <summary>Runs as an ordinary module with several inputs or outputs; the caller disposes what it returns.</summary>
    public Tensor[] Call(params IReadOnlyList<Tensor> inputs)
    {
        CheckInputs(inputs);
        NumberStreams();
        return Graph(inputs, NewExecution());
    }

    /// <summary>Runs all segments as operations of one autograd graph, or of none where gradients are disabled.</summary>
    protected abstract Tensor[] Graph(IReadOnlyList<Tensor> inputs, Execution execution);

    /// <summary>Runs segment by segment and keeps what the plan says.</summary>
    protected abstract ForwardPass RunSegments(IReadOnlyList<Tensor> inputs, SegmentPlan plan, StepOptions options);
}
