using static TorchSharp.torch;

namespace Iqt.Reversible.Prediction;

/// <summary>
/// A training step as one autograd graph on paper. Every operation keeps what libtorch's saved tensors say: normalisation and
/// convolution their input, a ReLU its output, a leaky one its input; of other layers the step says what.
/// </summary>
internal sealed class PredictedGraph
{
    private readonly Network _network;
    private readonly MemoryTimeline _timeline = new();
    private readonly IReadOnlyList<NetworkSizes> _axes;
    private readonly PredictedBatch _batch;
    private readonly Stack<Node> _nodes = [];

    public PredictedGraph(Network network, PredictedBatch batch, IReadOnlyList<NetworkSizes> axes) => (_network, _axes, _batch) = (network, axes, batch);

    /// <summary>The most bytes in use at once above weights, optimiser state and data.</summary>
    public long Peak()
    {
        Dictionary<string, PredictedTensor> values = _network.Inputs.ToDictionary(input => input.Name, input => new MemoryTimeline().Allocate(0));
        long outputs = 0;
        foreach (Segment segment in _network.Segments)
        {
            PredictedTensor[] sources = [.. segment.Sources.Select(source => values[source].Alias())];
            PredictedTensor input = sources is [var only] ? only : _timeline.Allocate(_batch.Scale * segment.InputChannels * Voxels(segment.Sources[0]));
            values[segment.Name] = segment.Kind == SegmentKind.Stack ? Stack(segment, input) : Chain(segment.Steps, input, Edges(segment.Sources[0]));
            outputs += segment.IsOutput ? _batch.Scale * segment.OutputChannels * Voxels(segment.Name) : 0;
            foreach (PredictedTensor source in sources.Length > 1 ? sources : [])
            {
                source.Dispose();
            }

            if (_network.Segments[^1] != segment || segment.IsOutput)
            {
                Forget(values, segment);
            }
        }

        _timeline.Pass(outputs); // the loss
        PredictedTensor lossGradient = _timeline.Allocate(outputs);
        foreach (PredictedTensor output in values.Values)
        {
            output.Dispose(); // the loss saved it
        }

        Backward(lossGradient);
        return _timeline.Peak;
    }

    // Activations that no later segment reads live on only where an operation saved them.
    private void Forget(Dictionary<string, PredictedTensor> values, Segment segment)
    {
        int at = _network.Segments.ToList().IndexOf(segment);
        foreach (string name in values.Keys.ToList())
        {
            bool isRead = _network.Segments.Skip(at + 1).Any(later => later.Sources.Contains(name));
            bool isOutput = _network.Segments.Any(other => other.Name == name && other.IsOutput);
            if (!isRead && !isOutput)
            {
                values[name].Dispose();
                values.Remove(name);
            }
        }
    }

    private PredictedTensor Stack(Segment segment, PredictedTensor input)
    {
        long[] edges = Edges(segment.Name);
        int channels = segment.InputChannels / 2;
        long half = _batch.Scale * channels * Voxels(segment.Name), stream = half / _batch.ElementSize * _batch.StreamElementSize(segment.Blocks);
        PredictedTensor whole = stream == half ? input : _timeline.Allocate(2 * stream);
        if (whole != input)
        {
            input.Dispose();
        }

        PredictedTensor alpha = whole.Alias(), beta = whole; // views
        foreach (nn.Module block in _network.SegmentModule(segment.Name)!.named_children().Select(child => child.module))
        {
            alpha = Half(block, "f", alpha, beta, channels, edges, half, stream);
            beta = Half(block, "g", beta, alpha, channels, edges, half, stream);
        }

        PredictedTensor joined = _timeline.Allocate(2 * half);
        alpha.Dispose();
        beta.Dispose();
        return joined;
    }

    private PredictedTensor Half(nn.Module block, string name, PredictedTensor half, PredictedTensor source, int channels, long[] edges, long bytes, long stream)
    {
        IReadOnlyList<ResidualFunction> functions = BlockFunctions.Of(block, name);
        using PredictedTensor read = stream == bytes ? source.Alias() : _timeline.Allocate(bytes);
        using PredictedTensor? scaled = functions.Count == 2 ? Scaled(functions[0], half, read, channels, edges, bytes, stream) : null;
        using (Chain(functions[^1].Steps(channels), read.Alias(), edges))
        {
        }

        PredictedTensor sum = _timeline.Allocate(stream);
        _nodes.Push(new([], stream)); // the source's gradients are added up
        half.Dispose();
        return sum;
    }

    // half · exp(tanh S): tanh and exp save what they give, the product both of its factors.
    private PredictedTensor Scaled(ResidualFunction scale, PredictedTensor half, PredictedTensor read, int channels, long[] edges, long bytes, long stream)
    {
        PredictedTensor bounded;
        using (Chain(scale.Steps(channels), read.Alias(), edges))
        {
            bounded = _timeline.Allocate(bytes);
        }

        _nodes.Push(new([bounded], bytes));
        PredictedTensor factor = _timeline.Allocate(bytes);
        _nodes.Push(new([factor.Alias()], bytes));
        long promoted = stream == bytes ? 0 : stream; // the factor in the halves' type
        _timeline.Pass(promoted);
        _nodes.Push(new([half.Alias(), factor], stream + bytes, Temporaries: promoted));
        return _timeline.Allocate(stream);
    }

    // Gives the input up. Views of halves keep the order of the data, so that everything here is channels-first.
    private PredictedTensor Chain(IReadOnlyList<LayerStep> steps, PredictedTensor x, long[] edges)
    {
        long[] now = edges;
        for (int i = 0; i < steps.Count; i++)
        {
            LayerStep step = steps[i];
            long before = _batch.Scale * step.InputChannels * now.Aggregate(1L, (a, b) => a * b);
            long[] edgesBefore = now;
            now = [.. now.Select(edge => step.Size?.OutputSize(edge) ?? edge)];
            long after = _batch.Scale * step.OutputChannels * now.Aggregate(1L, (a, b) => a * b);
            ConvolutionScratch scratch = ConvolutionScratch.Of(step, _batch, edgesBefore, before, after, isPlain: true);
            bool overwrites = step.Form == LayerForm.Rectifier && step.Slope == 0 && i > 0 && steps[i - 1].Form == LayerForm.Convolution;
            PredictedTensor output = overwrites ? x.Alias() : _timeline.Allocate(after);
            long temporaries = (step.TemporariesInOneGraph ?? step.Temporaries) * after;
            _timeline.Pass(scratch.Forward + temporaries);
            PredictedTensor[] saved = step.Form switch
            {
                LayerForm.Rearrangement => [],
                LayerForm.Rectifier when step.Slope == 0 => [output.Alias()],
                _ => [.. Saved(step, x, output), _timeline.Allocate(step.KeptByGraph * after)],
            };
            _nodes.Push(new(saved, before, scratch, temporaries));
            x.Dispose();
            x = output;
            if (step is { Form: LayerForm.Normalization, Slope: { } slope })
            {
                PredictedTensor active = slope == 0 ? x.Alias() : _timeline.Allocate(after);
                _nodes.Push(new([slope == 0 ? active.Alias() : x.Alias()], after));
                x.Dispose();
                x = active;
            }
        }

        return x;
    }

    private static PredictedTensor[] Saved(LayerStep step, PredictedTensor input, PredictedTensor output) => step.Saves switch
    {
        SavedTensor.Input => [input.Alias()],
        SavedTensor.Output => [output.Alias()],
        _ => [],
    };

    private void Backward(PredictedTensor gradient)
    {
        while (_nodes.TryPop(out Node node))
        {
            PredictedTensor before = _timeline.Allocate(node.Gradient);
            _timeline.Pass(node.Scratch.InputGradient);
            _timeline.Pass(node.Scratch.WeightGradient);
            _timeline.Pass(node.Temporaries);
            gradient.Dispose();
            gradient = before;
            Array.ForEach(node.Saved, saved => saved.Dispose());
        }

        gradient.Dispose();
    }

    // An operation of the graph: what it saved, the bytes of its input's gradient, and what computing that takes besides.
    private readonly record struct Node(PredictedTensor[] Saved, long Gradient, ConvolutionScratch Scratch = default, long Temporaries = 0);

    private long[] Edges(string name) => [.. _axes.Select(axis => axis[name])];

    private long Voxels(string name) => Edges(name).Aggregate(1L, (a, b) => a * b);
}
