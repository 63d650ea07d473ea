using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// Holds a network's generated code against the same network as one autograd graph: outputs, gradients,
/// inversion of stacks, running statistics. Every parameter is randomised first, scales and zero-initialised
/// convolutions too, else the check would prove nothing.
/// </summary>
public sealed class NetworkCheck
{
    private const int Batch = 2;
    private static readonly BackpropagationMode[] Compared = [.. Enum.GetValues<BackpropagationMode>().Where(m => m != BackpropagationMode.SingleGraph)];
    private readonly Func<Network> _create;
    private readonly ScalarType _dtype;
    private readonly Device _device;
    private readonly ulong _seed;
    private readonly CheckTolerances _tolerances;

    /// <param name="declaration">The network.</param>
    /// <param name="hyperparameters">Values other than the defaults.</param>
    /// <param name="dtype">Float64 to judge the code, float32 to see the drift.</param>
    /// <param name="device">Where to compute; the CPU if not given.</param>
    /// <param name="seed">Of parameters and data.</param>
    public NetworkCheck(
        NetworkDeclaration declaration,
        IReadOnlyDictionary<string, int>? hyperparameters = null,
        ScalarType dtype = ScalarType.Float64,
        Device? device = null,
        ulong seed = 0)
    {
        _device = device ?? CPU;
        _dtype = dtype;
        _seed = seed;
        _tolerances = CheckTolerances.For(dtype);
        _create = () => declaration.Create(hyperparameters, _device, _dtype);
    }

    /// <summary>Runs every check on data of the smallest sensible size.</summary>
    public IReadOnlyList<CheckResult> Run() => [.. Outputs(), .. Gradients(), .. Inversions(), .. RunningStatistics()];

    /// <summary>‖y − y_ref‖ / ‖y_ref‖ of the forward pass in each mode.</summary>
    public IReadOnlyList<CheckResult> Outputs()
    {
        using Tensor reference = Output(BackpropagationMode.SingleGraph);
        return [.. Compared.Select(mode =>
        {
            using Tensor output = Output(mode);
            return new CheckResult("output", mode.ToString(), RelativeDifference(output, reference), _tolerances.Gradient);
        })];
    }

    /// <summary>‖g − g_ref‖ / ‖g_ref‖ over the parameters and the input, in each mode.</summary>
    public IReadOnlyList<CheckResult> Gradients()
    {
        using Tensor reference = Gradient(BackpropagationMode.SingleGraph);
        return [.. Compared.Select(mode =>
        {
            using Tensor gradient = Gradient(mode);
            return new CheckResult("gradients", mode.ToString(), RelativeDifference(gradient, reference), _tolerances.Gradient);
        })];
    }

    /// <summary>‖Invert(Run(x)) − x‖ / ‖x‖ of each stack.</summary>
    public IReadOnlyList<CheckResult> Inversions()
    {
        using Network network = Randomized();
        long size = InputSize(network);
        List<CheckResult> results = [];
        foreach (Segment stack in network.Segments.Where(s => s.Kind == SegmentKind.Stack))
        {
            using Tensor input = Noise([Batch, stack.InputChannels, size, size, size], stream: 1);
            using Tensor output = network.RunStack(stack.Name, input);
            using Tensor back = network.InvertStack(stack.Name, output);
            results.Add(new CheckResult("inversion", stack.Name, RelativeDifference(back, input), _tolerances.Inversion));
        }

        return results;
    }

    /// <summary>
    /// Running statistics and batch counters after three steps of gradient descent in each mode: the largest
    /// difference, relative to the largest value of the buffer, beside what the tolerance of gradients allows.
    /// </summary>
    public IReadOnlyList<CheckResult> RunningStatistics()
    {
        using Network network = Randomized();
        using Tensor input = Input(network);
        return new RunningStatisticsCheck(Randomized, input, _tolerances.Gradient, _dtype, _seed).Run(Compared);
    }

    private Tensor Output(BackpropagationMode mode)
    {
        using Network network = Randomized();
        using Tensor input = Input(network);
        using ForwardPass pass = network.Run(input, mode);
        return pass.Output.detach().clone();
    }

    // All gradients, the input's last, as one vector.
    private Tensor Gradient(BackpropagationMode mode)
    {
        using Network network = Randomized();
        using Tensor input = Input(network);
        using ForwardPass pass = network.Run(input, mode);
        using Tensor outputGradient = Noise(pass.Output.shape, stream: 2);
        using Tensor inputGradient = pass.Backward(outputGradient, wantInputGradient: true)!;
        using DisposeScope scope = NewDisposeScope();
        Tensor[] parts = [.. network.parameters().Select(p => (p.grad ?? zeros_like(p)).flatten()), inputGradient.flatten()];
        return cat(parts).MoveToOuterDisposeScope();
    }

    private Network Randomized()
    {
        Network network = _create();
        Initializer.Randomize(network, _seed);
        network.train();
        return network;
    }

    private Tensor Input(Network network)
    {
        long size = InputSize(network);
        return Noise([Batch, network.InputChannels, size, size, size], stream: 0);
    }

    private static long InputSize(Network network) => network.Relation.SmallestInput + 2;

    private Tensor Noise(long[] shape, ulong stream)
    {
        using Generator random = new(unchecked(_seed * 3 + stream + 1), CPU);
        using Tensor drawn = randn(shape, dtype: ScalarType.Float64, generator: random);
        return drawn.to(_dtype, _device, copy: true);
    }

    private static double RelativeDifference(Tensor value, Tensor reference)
    {
        using DisposeScope scope = NewDisposeScope();
        double difference = (value - reference).norm().to(ScalarType.Float64).item<double>();
        double size = reference.norm().to(ScalarType.Float64).item<double>();
        return size > 0 ? difference / size : double.NaN; // a reference of zeros proves nothing: it fails
    }
}
