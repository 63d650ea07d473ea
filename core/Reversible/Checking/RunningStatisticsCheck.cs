using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// Holds running statistics and batch counters after a few steps of gradient descent in a mode against those of
/// one autograd graph: a mode that runs a layer twice must update its statistics once.
/// </summary>
/// <remarks>
/// What may differ is derived, not guessed. The steps are of a given length (<c>s‖θ‖</c> along the gradient), so that
/// gradients within tolerance <c>t</c> of each other part the parameters by at most <c>2st + u</c> a step, relative
/// to their norm (<c>u</c>: one rounding). What that does to the statistics of this network is measured: the
/// reference is trained again from parameters moved by a relative <c>√u</c>, and the largest change of a statistic,
/// divided by <c>√u</c>, is the network's response. Plain steps of a fixed rate would let large gradients make the
/// response, and with it the rounding in the figure, as large as they like; Adam would turn the rounding of a gradient
/// that is truly zero, such as that of a bias before a normalisation, into a full step.
/// </remarks>
internal sealed class RunningStatisticsCheck(Func<Network> create, Tensor[] inputs, double gradientTolerance, ScalarType dtype, ulong seed)
{
    private const int Steps = 3;
    private const double StepLength = 1e-3;

    // A statistic updated twice is off by a share of its momentum, 0.1 by default: a tolerance near that would
    // let it pass, so a network that responds so strongly fails instead.
    private const double LargestTolerance = 1e-3;

    // Statistics of what no parameter changes (a stack's half that comes straight from the input) respond to nothing, yet a
    // sum taken in another order rounds differently.
    private const double Roundings = 1000;

    private readonly double _rounding = CheckTolerances.UnitRoundoff(dtype);

    /// <summary>The largest difference of a buffer, relative to its largest value or the deviation beside it, in each mode; nothing where there are no buffers.</summary>
    public IReadOnlyList<CheckResult> Run(IEnumerable<BackpropagationMode> modes)
    {
        if (!HasBuffers())
        {
            return [];
        }

        using Network reference = Trained(BackpropagationMode.SingleGraph, perturbation: 0);
        double tolerance = Tolerance(reference);
        return [.. modes.Select(mode =>
        {
            using Network network = Trained(mode, perturbation: 0);
            return new CheckResult("running statistics", mode.ToString(), LargestDifference(network, reference), tolerance);
        })];
    }

    private bool HasBuffers()
    {
        using Network network = create();
        return network.buffers().Any();
    }

    private double Tolerance(Network reference)
    {
        double perturbation = Math.Sqrt(_rounding);
        using Network moved = Trained(BackpropagationMode.SingleGraph, perturbation);
        double response = LargestDifference(moved, reference) / perturbation;
        return Math.Min(LargestTolerance, Math.Max(Roundings * _rounding, response * Steps * (2 * StepLength * gradientTolerance + _rounding)));
    }

    private Network Trained(BackpropagationMode mode, double perturbation)
    {
        Network network = create();
        if (perturbation > 0)
        {
            Perturb(network, perturbation);
        }

        for (int step = 0; step < Steps; step++)
        {
            network.zero_grad();
            network.Backpropagate(inputs, mode, MeanSquares, new Execution(IsFirst: true, seed + (ulong)step)).Dispose();
            Descend(network);
        }

        return network;
    }

    private static Tensor MeanSquares(IReadOnlyList<Tensor> outputs)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar one = 1.ToScalar();
        return outputs.Select(output => output.square().mean()).Aggregate((total, next) => add(total, next, one)).MoveToOuterDisposeScope();
    }

    // θ − s‖θ‖ g/‖g‖
    private static void Descend(Network network)
    {
        using IDisposable withoutGraph = no_grad();
        using DisposeScope scope = NewDisposeScope(); // reading grad makes a handle each time
        Parameter[] moving = [.. network.parameters().Where(p => p.grad is not null)];

        // Of all parameters: one whose gradient autograd never reaches has none in one graph, and zeros in other modes.
        using Scalar rate = (-StepLength * Norm(network.parameters()) / Norm(moving.Select(p => p.grad!))).ToScalar();
        foreach (Parameter parameter in moving)
        {
            parameter.add_(parameter.grad!, rate);
        }
    }

    // Each number grows or shrinks by the same share, at random.
    private void Perturb(Network network, double share)
    {
        using IDisposable withoutGraph = no_grad();
        using Generator random = new(seed, CPU);
        foreach (Parameter parameter in network.parameters())
        {
            using Tensor signs = RandomSigns.Draw(parameter, random), factors = RandomSigns.Factors(signs, share), typed = factors.to(dtype);
            parameter.mul_(typed);
        }
    }

    private static double Norm(IEnumerable<Tensor> tensors)
    {
        using DisposeScope scope = NewDisposeScope();
        return Math.Sqrt(tensors.Sum(t => t.to(ScalarType.Float64).square().sum().item<double>()));
    }

    private static double LargestDifference(Network network, Network reference)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = reference.named_buffers().ToDictionary(pair => pair.name, pair => pair.buffer.to(ScalarType.Float64));
        return network.named_buffers()
            .Select(pair => LargestDifference(pair.buffer, expected[pair.name], Deviation(expected, pair.name)))
            .Aggregate(0.0, Math.Max); // which, unlike Max of a sequence, does not pass over what is no number
    }

    // A mean is a figure beside its deviation: that of what was centred before is nothing but rounding.
    private static double Deviation(Dictionary<string, Tensor> buffers, string name)
    {
        const string mean = "running_mean", variance = "running_var";
        return name.EndsWith(mean, StringComparison.Ordinal) && buffers.TryGetValue(name[..^mean.Length] + variance, out Tensor? of)
            ? Math.Sqrt(of.max().item<double>())
            : 0;
    }

    private static double LargestDifference(Tensor value, Tensor expected, double deviation)
    {
        double difference = (value.to(ScalarType.Float64) - expected).abs().max().item<double>();
        return difference / Math.Max(Math.Max(expected.abs().max().item<double>(), deviation), 1e-300);
    }
}
