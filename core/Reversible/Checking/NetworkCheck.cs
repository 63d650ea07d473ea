using Iqt.Reversible.Adjoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// Holds a network's generated code against the same network as one autograd graph: outputs, gradients, inversion of stacks,
/// running statistics; and that graph's gradients against differences. Every parameter is randomised first, scales and zero-initialised
/// convolutions too, else the check would prove nothing.
/// </summary>
public sealed partial class NetworkCheck
{
    /// <summary>
    /// How far slopes may be from differences where rounding hides less: it leaves 1e-8 to 1e-7 of the slope; a kink that the step
    /// crosses has cost up to 5e-6.
    /// </summary>
    public const double DifferenceTolerance = 1e-5;

    private const int Batch = 2;
    private static readonly BackpropagationMode[] Compared = [.. Enum.GetValues<BackpropagationMode>().Where(m => m != BackpropagationMode.SingleGraph)];
    private readonly Func<Network> _create;
    private readonly ScalarType _dtype;
    private readonly Device _device;
    private readonly ulong _seed;
    private readonly CheckTolerances _tolerances;
    private readonly StepOptions? _options;

    /// <param name="declaration">The network.</param>
    /// <param name="hyperparameters">Values other than the defaults.</param>
    /// <param name="dtype">Float64 to judge the code, float32 to see the drift.</param>
    /// <param name="device">Where to compute; the CPU if not given.</param>
    /// <param name="seed">Of parameters and data.</param>
    /// <param name="options">How steps are computed, one graph's too as far as it reads them.</param>
    public NetworkCheck(
        NetworkDeclaration declaration,
        IReadOnlyDictionary<string, int>? hyperparameters = null,
        ScalarType dtype = ScalarType.Float64,
        Device? device = null,
        ulong seed = 0,
        StepOptions? options = null)
    {
        _options = options;
        _device = device ?? CPU;
        _dtype = dtype;
        _seed = seed;
        _tolerances = CheckTolerances.For(dtype);
        _create = () => declaration.Create(hyperparameters, _device, _dtype);
    }

    /// <summary>Runs every check on data of the smallest sensible size.</summary>
    /// <param name="progress">Gets the part done, 0 to 1.</param>
    /// <exception cref="SegmentException">A layer can't be computed or differentiated.</exception>
    public IReadOnlyList<CheckResult> Run(IProgress<double>? progress = null)
    {
        Func<IReadOnlyList<CheckResult>>[] parts = [Outputs, Gradients, Differences, Inversions, RunningStatistics];
        List<CheckResult> results = [];
        try
        {
            for (int i = 0; i < parts.Length; i++)
            {
                results.AddRange(parts[i]());
                progress?.Report((i + 1) / (double)parts.Length);
            }

            return results;
        }
        catch (Exception error) when (error is not (SegmentException or ModuleException or OutOfMemoryException))
        {
            // One graph does not know which of its segments libtorch refuses; a pass segment by segment does.
            Gradient(BackpropagationMode.Stored, wantInputGradients: true).Dispose();
            throw;
        }
    }

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

    /// <summary>
    /// Each segment's slope along a random direction of its parameters, by one graph and by central differences, in float64; in
    /// float32 differences are rounding, and nothing is compared.
    /// </summary>
    public IReadOnlyList<CheckResult> Differences()
    {
        if (_dtype != ScalarType.Float64)
        {
            return [];
        }

        using Network sizes = Randomized();
        Tensor[] inputs = Inputs(sizes);
        try
        {
            return new FiniteDifferenceCheck(
                Randomized, network => Run(network, inputs, BackpropagationMode.SingleGraph), (output, i) => Noise(output.shape, stream: 20 + (ulong)i), _seed).Run();
        }
        finally
        {
            Array.ForEach(inputs, input => input.Dispose());
        }
    }

    /// <summary>
    /// Running statistics and batch counters after three steps of gradient descent in each mode: the largest
    /// difference, relative to the largest value of the buffer (of running means, to the deviation if that is more), beside what the
    /// tolerance of gradients allows.
    /// </summary>
    public IReadOnlyList<CheckResult> RunningStatistics()
    {
        using Network network = Randomized();
        Tensor[] inputs = Inputs(network);
        try
        {
            return new RunningStatisticsCheck(Randomized, inputs, _tolerances.Gradient, _dtype, _seed).Run(Compared);
        }
        finally
        {
            Array.ForEach(inputs, input => input.Dispose());
        }
    }

    // All outputs as one vector.
    private Tensor Output(BackpropagationMode mode)
    {
        using Network network = Randomized();
        Tensor[] inputs = Inputs(network);
        using ForwardPass pass = Run(network, inputs, mode);
        Array.ForEach(inputs, input => input.Dispose());
        return Vector(pass.Outputs);
    }

    // Every mode draws the same masks.
    private ForwardPass Run(Network network, Tensor[] inputs, BackpropagationMode mode) =>
        network.Run(inputs, mode, new Execution(IsFirst: true, _seed), _options);

    private static Tensor Vector(IReadOnlyList<Tensor> parts)
    {
        using DisposeScope scope = NewDisposeScope();
        return cat([.. parts.Select(part => part.detach().flatten())]).MoveToOuterDisposeScope();
    }

    private Network Randomized()
    {
        Network network = _create();
        Initializer.Randomize(network, _seed);
        network.train();
        return network;
    }

    private Tensor[] Inputs(Network network) =>
        [.. NetworkSizes.Small(network).Select((size, i) => Noise([Batch, network.Inputs[i].Channels, .. Cube(network, size)], stream: 10 + (ulong)i))];

    private static long[] Edges(Network network, Tensor[] inputs, string activation) =>
        Cube(network, new NetworkSizes(network, [.. inputs.Select(input => input.shape[2])])[activation]);

    private static long[] Cube(Network network, long size) => [.. Enumerable.Repeat(size, network.Dimensions)];

    private Tensor Noise(long[] shape, ulong stream)
    {
        using Generator random = new(unchecked(_seed * 100 + stream + 1), CPU);
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
