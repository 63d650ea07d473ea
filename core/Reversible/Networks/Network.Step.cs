using Iqt.Reversible.Adjoints;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <content>A training step: its forward pass in each mode, and both passes around a loss.</content>
public abstract partial class Network
{
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
            using Tensor value = StepLoss.Of(loss, outputs);
            if (accept?.Invoke(value) == false)
            {
                return value.detach();
            }

            value.backward();
            gradients = [.. outputs.Select(output => output.grad)];
            if (gradients.All(gradient => gradient is null))
            {
                throw StepLoss.Independent();
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
}
