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

    /// <summary>How the output's edge length follows from the input's.</summary>
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

    /// <summary>The forward pass of a training step; the caller disposes what it returns.</summary>
    /// <exception cref="ArgumentException">The input's shape does not fit.</exception>
    public ForwardPass Run(Tensor input, BackpropagationMode mode, StepOptions? options = null) => Run([input], mode, options);

    /// <summary>The forward pass of a training step; the caller disposes what it returns.</summary>
    /// <exception cref="ArgumentException">An input's shape does not fit.</exception>
    public ForwardPass Run(IReadOnlyList<Tensor> inputs, BackpropagationMode mode, StepOptions? options = null) =>
        Run(inputs, mode, NewExecution(), options);

    /// <summary>The forward pass of a training step with a strategy for each segment; the caller disposes what it returns.</summary>
    /// <exception cref="ArgumentException">An input's shape does not fit, or the strategies do not.</exception>
    public ForwardPass Run(IReadOnlyList<Tensor> inputs, IReadOnlyList<SegmentStrategy> strategies, StepOptions? options = null)
    {
        if (strategies.Count != Segments.Count)
        {
            throw new ArgumentException($"Network {NetworkName} needs {Segments.Count} strategies, one for each segment; {strategies.Count} {(strategies.Count == 1 ? "was" : "were")} given.", nameof(strategies));
        }

        if (Segments.Where((segment, i) => segment.Kind == SegmentKind.Layers && strategies[i] == SegmentStrategy.Reverse).FirstOrDefault() is { } layers)
        {
            throw new ArgumentException($"Segment {layers.Name} of network {NetworkName} ({layers.Operations}) holds layers, which can't be reversed. Choose Store or Recompute for it.", nameof(strategies));
        }

        CheckInputs(inputs);
        CheckBatch(inputs);
        NumberStreams();
        return RunSegments(inputs, new SegmentPlan(this, strategies), (options ?? StepOptions.Default) with { Execution = NewExecution() });
    }

    /// <summary>
    /// One forward and backward pass: adds the gradients of <paramref name="loss"/> to those of the parameters, and returns
    /// its value as a detached scalar tensor that the caller disposes.
    /// </summary>
    /// <param name="input">Kept alive by the caller until the call returns.</param>
    /// <param name="mode">How the gradients are computed.</param>
    /// <param name="loss">Maps the output to a scalar; it is differentiated by autograd.</param>
    /// <param name="options">How else the step is computed.</param>
    /// <param name="accept">Looks at the loss before anything is differentiated, to end the step there by false: then there are no gradients. Null accepts every loss.</param>
    /// <exception cref="ArgumentException">The input does not fit, or the options don't.</exception>
    /// <exception cref="InvalidOperationException">The network has several outputs, or the loss does not depend on the output.</exception>
    public Tensor Backpropagate(Tensor input, BackpropagationMode mode, Func<Tensor, Tensor> loss, StepOptions? options = null, Predicate<Tensor>? accept = null) =>
        Backpropagate([input], mode, outputs => loss(Only(outputs)), options, accept);

    /// <summary>The same for networks with several inputs or outputs; the loss may leave outputs aside.</summary>
    public Tensor Backpropagate(IReadOnlyList<Tensor> inputs, BackpropagationMode mode, Func<IReadOnlyList<Tensor>, Tensor> loss, StepOptions? options = null, Predicate<Tensor>? accept = null) =>
        Backpropagate(inputs, mode, loss, NewExecution(), options, accept);

    /// <summary>The same with given random numbers, so that steps in different modes can be compared.</summary>
    internal Tensor Backpropagate(
        IReadOnlyList<Tensor> inputs, BackpropagationMode mode, Func<IReadOnlyList<Tensor>, Tensor> loss, Execution execution, StepOptions? options = null, Predicate<Tensor>? accept = null)
    {
        if (mode == BackpropagationMode.SingleGraph)
        {
            Prepare(inputs, mode, options);
            return SingleGraphPass.Backpropagate(Graph, inputs, OfGraph(execution, options), loss, accept);
        }

        using ForwardPass pass = Run(inputs, mode, execution, options);
        Tensor[] outputs = [.. pass.Outputs.Select(output => output.detach().requires_grad_(true))];
        Tensor?[] gradients = [];
        try
        {
            using IDisposable graph = enable_grad(); // of the loss
            using Tensor value = loss(outputs);
            if (!value.requires_grad)
            {
                throw SingleGraphPass.IndependentLoss();
            }

            if (accept?.Invoke(value) == false)
            {
                return value.detach();
            }

            value.backward();
            gradients = [.. outputs.Select(output => output.grad)];
            if (gradients.All(gradient => gradient is null))
            {
                throw SingleGraphPass.IndependentLoss();
            }

            pass.Backward(gradients);
            return value.detach();
        }
        finally
        {
            Array.ForEach(gradients, gradient => gradient?.Dispose());
            Array.ForEach(outputs, output => output.Dispose());
        }
    }

    /// <summary>The forward pass with given random numbers.</summary>
    internal ForwardPass Run(IReadOnlyList<Tensor> inputs, BackpropagationMode mode, Execution execution, StepOptions? options = null)
    {
        Prepare(inputs, mode, options);
        return mode == BackpropagationMode.SingleGraph
            ? new SingleGraphPass(Graph, inputs, OfGraph(execution, options))
            : RunSegments(inputs, SegmentPlan.For(this, mode), (options ?? StepOptions.Default) with { Execution = execution });
    }

    private Tensor Only(IReadOnlyList<Tensor> outputs) => outputs is [var only]
        ? only
        : throw new InvalidOperationException($"Network {NetworkName} has {outputs.Count} outputs, and the loss is one of a single output. Pass a list of inputs and a loss of the list of outputs.");

    private static Execution OfGraph(Execution execution, StepOptions? options) =>
        execution with { StreamType = options?.StreamType, ConvolutionType = options?.ConvolutionType };

    private void Prepare(IReadOnlyList<Tensor> inputs, BackpropagationMode mode, StepOptions? options)
    {
        CheckInputs(inputs);
        CheckBatch(inputs);
        NumberStreams();
        if (mode == BackpropagationMode.SingleGraph && options?.GradientsComplete is not null)
        {
            throw new ArgumentException("One graph has all gradients at once, behind its backward pass: there is no update block by block. Update with Step, or choose another mode.", nameof(mode));
        }
    }

    /// <summary>The module that holds the parameters of a segment; null if it has none.</summary>
    internal nn.Module? SegmentModule(string segment)
    {
        string name = ModuleName(segment);
        return named_children().Where(child => child.name == name).Select(child => child.module).FirstOrDefault();
    }

    /// <summary>What <see cref="StepOptions.GradientsComplete"/> is called with: blocks, and segments of layers, by the prefix of their parameters' names.</summary>
    internal IEnumerable<(string Name, nn.Module Module)> UpdatedModules() =>
        from segment in Segments
        let module = SegmentModule(segment.Name)
        where module is not null
        from updated in segment.Kind == SegmentKind.Stack
            ? module.named_children().Select(block => ($"{ModuleName(segment.Name)}.{block.name}", block.module))
            : [(ModuleName(segment.Name), module)]
        select updated;

    /// <summary>Runs one stack or rearrangement forwards without a graph, as the forward pass of a step does.</summary>
    /// <param name="name">The segment's declared name.</param>
    /// <param name="input">[batch, channels, …]; not changed.</param>
    /// <returns>The segment's output, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The network has no such stack or rearrangement.</exception>
    public virtual Tensor RunSegment(string name, Tensor input) => throw NotInvertible(name);

    /// <summary>The input of a stack or rearrangement, computed from its output; running statistics stay as they are.</summary>
    /// <param name="name">The segment's declared name.</param>
    /// <param name="output">[batch, channels, …]; not changed.</param>
    /// <returns>The segment's input, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The network has no such stack or rearrangement.</exception>
    public virtual Tensor InvertSegment(string name, Tensor output) => throw NotInvertible(name);

    /// <summary>Whether every segment can be inverted, so that <see cref="Inverse"/> gives the input back.</summary>
    public virtual bool IsInvertible => false;

    /// <summary>The input of the whole network, computed from its output; the caller disposes it.</summary>
    /// <exception cref="NotSupportedException">A segment is not invertible.</exception>
    public virtual Tensor Inverse(Tensor output) =>
        throw new NotSupportedException($"Network {NetworkName} has segments that can't be inverted: {string.Join(", ", Segments.Where(s => s.Kind == SegmentKind.Layers).Select(s => s.Name))}.");

    /// <summary>Runs all segments as operations of one autograd graph, or of none where gradients are disabled.</summary>
    protected abstract Tensor[] Graph(IReadOnlyList<Tensor> inputs, Execution execution);

    /// <summary>Runs segment by segment and keeps what the plan says.</summary>
    protected abstract ForwardPass RunSegments(IReadOnlyList<Tensor> inputs, SegmentPlan plan, StepOptions options);

    /// <summary>Runs a function with gradients disabled, outside of any training step.</summary>
    protected static Tensor WithoutGraph(Func<Tensor, Tensor> function, Tensor input)
    {
        using IDisposable withoutGraph = no_grad();
        return function(input);
    }

    /// <summary>
    /// Runs a stack in either direction on the halves of a tensor, outside of any training step. A tensor of another type than
    /// the parameters' is a residual stream of that type.
    /// </summary>
    protected Tensor OnHalves(StackRun stack, int blocks, Tensor tensor, bool repeats)
    {
        NumberStreams();
        using IDisposable withoutGraph = no_grad();
        ScalarType function = parameters().FirstOrDefault()?.dtype ?? tensor.dtype;
        using var tapes = new StackTapes(
            blocks, kept: 0, StepOptions.Default with { Execution = new Execution(IsFirst: true, Seed: 0) }, function == tensor.dtype ? null : function);
        if (repeats)
        {
            tapes.BeginInversion();
        }

        using CoupledHalves x = CoupledHalves.Split(tensor);
        stack(x, tapes);
        return x.Join();
    }

    /// <summary>The name that generated code registers a segment's layers under: its own with a small first letter.</summary>
    internal static string ModuleName(string segment) => char.ToLowerInvariant(segment[0]) + segment[1..];

    private ArgumentException NotInvertible(string name) =>
        new($"Network {NetworkName} has no stack or rearrangement '{name}'.", nameof(name));
}
