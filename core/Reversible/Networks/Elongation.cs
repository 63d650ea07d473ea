using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// Deepens a trained network (paper, Fig. 1c,d): its weights go by name into a network that has all of its segments and
/// further ones, as a class marked <see cref="ElongateAttribute{TNetwork}"/> has.
/// </summary>
public static class Elongation
{
    /// <summary>
    /// Copies parameters and buffers of the trained network into its elongated form, whatever the devices and types of the
    /// two; the further segments keep what they hold. On an exception nothing has changed.
    /// </summary>
    /// <param name="trained">Not changed.</param>
    /// <param name="elongated">Has every segment of <paramref name="trained"/>.</param>
    /// <returns>The further segments, in the order in which they run.</returns>
    /// <exception cref="ArgumentException">A segment or a tensor is missing, left over, or of another kind or shape.</exception>
    public static IReadOnlyList<Segment> Load(Network trained, Network elongated)
    {
        CheckSegments(trained, elongated);
        Copy(Pairs(trained, elongated));
        return Added(trained, elongated);
    }

    /// <summary>
    /// The same, and lets the further segments start as the identity, so that the elongated network computes what the trained
    /// one does until it is trained on: the last convolution of each of their residual functions is zero, everything else in
    /// them as <see cref="Initializer"/> starts it.
    /// </summary>
    /// <param name="trained">Not changed.</param>
    /// <param name="elongated">Has every segment of <paramref name="trained"/>, and beside them only stacks.</param>
    /// <param name="seed">Of the stacks' other parameters.</param>
    /// <returns>The stacks, in the order in which they run.</returns>
    /// <exception cref="ArgumentException">As of <see cref="Load"/>, or a further segment can't start as the identity; the network then holds start values.</exception>
    public static IReadOnlyList<Segment> LoadAsIdentity(Network trained, Network elongated, ulong seed)
    {
        CheckSegments(trained, elongated);
        List<(Tensor From, Tensor To)> pairs = Pairs(trained, elongated);
        IReadOnlyList<Segment> added = Added(trained, elongated);
        if (added.FirstOrDefault(segment => segment.Kind != SegmentKind.Stack) is { } layers)
        {
            throw new ArgumentException($"Segment {layers.Name} of network {elongated.NetworkName} ({layers.Operations}) is no stack, so it can't start as the identity. Load the weights without that.", nameof(elongated));
        }

        Initializer.Apply(elongated, InitializationScheme.Identity, seed);
        foreach (Segment stack in added)
        {
            CheckIdentity(elongated, stack);
        }

        Copy(pairs);
        return added;
    }

    private static List<Segment> Added(Network trained, Network elongated)
    {
        HashSet<string> known = [.. trained.Segments.Select(segment => segment.Name)];
        return [.. elongated.Segments.Where(segment => !known.Contains(segment.Name))];
    }

    private static void CheckSegments(Network trained, Network elongated)
    {
        Dictionary<string, Segment> found = elongated.Segments.ToDictionary(segment => segment.Name);
        foreach (Segment segment in trained.Segments)
        {
            string? fault =
                !found.TryGetValue(segment.Name, out Segment? same) ? $"has no segment {segment.Name}"
                : same.Operations != segment.Operations && !OnlyJoins(segment) ? $"has '{same.Operations}' for segment {segment.Name}, which is '{segment.Operations}' there"
                : null;
            if (fault is not null)
            {
                throw new ArgumentException($"Network {elongated.NetworkName} is no elongated form of {trained.NetworkName}: it {fault}. Declare it by [Elongate<…>], and build both with the same hyperparameters.", nameof(elongated));
            }
        }
    }

    // What a segment joins may have gone to a further one before it.
    private static bool OnlyJoins(Segment segment) => segment.Operations == segment.Junction.ToString();

    private static List<(Tensor From, Tensor To)> Pairs(Network trained, Network elongated)
    {
        HashSet<string> added = [.. Added(trained, elongated).Select(segment => Network.ModuleName(segment.Name))];
        Dictionary<string, Tensor> targets = Tensors(elongated)
            .Where(pair => !added.Contains(pair.Name.Split('.')[0]))
            .ToDictionary(pair => pair.Name, pair => pair.Tensor);
        List<(Tensor From, Tensor To)> pairs = [];
        foreach ((string name, Tensor tensor) in Tensors(trained))
        {
            if (!targets.Remove(name, out Tensor? target))
            {
                throw new ArgumentException($"Network {elongated.NetworkName} has no tensor {name}, which {trained.NetworkName} has. Declare it by [Elongate<…>].", nameof(elongated));
            }

            if (!target.shape.AsSpan().SequenceEqual(tensor.shape))
            {
                throw new ArgumentException($"Tensor {name} has the shape [{string.Join(", ", target.shape)}] in network {elongated.NetworkName} and [{string.Join(", ", tensor.shape)}] in {trained.NetworkName}. Build both with the same hyperparameters.", nameof(elongated));
            }

            pairs.Add((tensor, target));
        }

        return targets.Count == 0
            ? pairs
            : throw new ArgumentException($"Network {trained.NetworkName} has no tensor {targets.Keys.First()}, which {elongated.NetworkName} has in a segment of the same name. Declare that by [Elongate<…>].", nameof(trained));
    }

    private static void Copy(List<(Tensor From, Tensor To)> pairs)
    {
        using IDisposable withoutGraph = no_grad();
        foreach ((Tensor from, Tensor to) in pairs)
        {
            to.copy_(from);
        }
    }

    // What a stack permutes between blocks, a function that ends with a shift, or one without a convolution: rather than list
    // all that is in the way, look whether anything is.
    private static void CheckIdentity(Network network, Segment stack)
    {
        long edge = Enumerable.Range(4, (int)NetworkSizes.LongestSearched).Select(size => (long)size).First(size => stack.Sizes.OutputSize(size) == size);
        long[] shape = [1, stack.InputChannels, .. Enumerable.Repeat(edge, network.Dimensions)];
        (ScalarType dtype, Device device) = network.parameters().Select(p => (p.dtype, p.device)).First();
        using Generator random = new(1, CPU);
        using Tensor drawn = randn(shape, generator: random);
        using Tensor input = drawn.to(dtype, device);
        nn.Module[] modules = [network, .. network.modules()];
        bool[] wasTraining = [.. modules.Select(module => module.training)];
        network.eval();
        try
        {
            using Tensor output = network.RunSegment(stack.Name, input);
            if (!output.Equals(input))
            {
                throw new ArgumentException($"Stack {stack.Name} of network {network.NetworkName} ({stack.Operations}) does not start as the identity, although the last convolutions of its residual functions are zero: channels change places between its blocks, or a residual function has no convolution or adds something behind it. Load the weights without that, or declare the stack otherwise.", nameof(network));
            }
        }
        finally
        {
            // From the outside in: a module takes its parts along.
            foreach ((nn.Module module, bool isTraining) in modules.Zip(wasTraining))
            {
                module.train(isTraining);
            }
        }
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Tensors(Network network) =>
        network.named_parameters().Select(parameter => (parameter.name, (Tensor)parameter.parameter))
            .Concat(network.named_buffers().Select(buffer => (buffer.name, buffer.buffer)));
}
