using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// Holds autograd's derivatives of a network against differences of its output: all modes differentiate the same layers, so
/// that comparing them says nothing of a layer that hides its input from autograd.
/// </summary>
internal sealed class FiniteDifferenceCheck(Func<Network> create, Func<Network, ForwardPass> run, Func<Tensor, int, Tensor> noise, ulong seed)
{
    // Rounding costs 1e-16 / h and some cancellation. A larger step crosses the kinks of rectifiers: at 1e-6 SRDTI's million inputs
    // of them cost 1e-3.
    private const double Step = 1e-8;

    // For a segment whose slope rounding would hide: a normalisation behind takes its scale out again, say.
    private const double LargerStep = 1e-6;

    // A wrong derivative is wrong along every direction, a kink lies across some.
    private const int Directions = 3;

    // Where rounding is all that is seen, as of a segment whose slope is lost in a large loss: more than this proves nothing.
    private const double LargestTolerance = 1e-3;

    // A sum of as many numbers is rounded as often; errors of both evaluations add up.
    private const double Roundings = 64;

    // Where the loss hardly depends on a segment, its differences are rounding.
    private const double Negligible = 1e-6;

    /// <summary>
    /// Of each segment with parameters: the difference between slope by differences and slope by autograd along one random
    /// direction, in which each parameter grows or shrinks by the same share, relative to the slope of such directions.
    /// </summary>
    public IReadOnlyList<CheckResult> Run()
    {
        using Network network = create();
        using (var buffers = new BufferRestoration())
        {
            buffers.Save(network);
            using ForwardPass pass = run(network);
            Tensor[] weights = [.. pass.Outputs.Select(noise)];
            pass.Backward(weights);
            Array.ForEach(weights, weight => weight.Dispose());
        }

        double all = Slope(network.parameters(), seed).Typical;
        return
        [
            .. from segment in network.Segments
               let parameters = network.SegmentModule(segment.Name)?.parameters().Where(p => p.requires_grad).ToArray() ?? []
               where parameters.Length > 0
               select Compare(network, segment.Name, parameters, all),
        ];
    }

    private CheckResult Compare(Network network, string segment, Parameter[] parameters, double all)
    {
        CheckResult best = Along(network, segment, parameters, all, seed);
        for (ulong again = 1; again < Directions && !best.Holds; again++)
        {
            CheckResult other = Along(network, segment, parameters, all, unchecked(seed + (again << 32)));
            best = other.Holds || other.Error < best.Error ? other : best;
        }

        return best;
    }

    private CheckResult Along(Network network, string segment, Parameter[] parameters, double all, ulong direction)
    {
        (double error, double rounding) = Measure(network, parameters, all, direction, Step);
        if (rounding > LargestTolerance)
        {
            (error, rounding) = Measure(network, parameters, all, direction, LargerStep);
        }

        return new CheckResult("finite differences", segment, error, Math.Min(LargestTolerance, Math.Max(NetworkCheck.DifferenceTolerance, rounding)));
    }

    // How far both slopes are apart, and what rounding makes of that; relative.
    private (double Error, double Rounding) Measure(Network network, Parameter[] parameters, double all, ulong direction, double step)
    {
        (double slope, double typical) = Slope(parameters, direction);
        Tensor[] kept = Copies(parameters);
        (double Loss, double Size) Moved(double share)
        {
            Move(parameters, kept, share, direction);
            return Loss(network);
        }

        ((double ahead, double size), (double behind, _)) = (Moved(step), Moved(-step));
        double difference = (ahead - behind) / (2 * step);
        Move(parameters, kept, 0, direction);
        Array.ForEach(kept, tensor => tensor.Dispose());
        double scale = Math.Max(Math.Max(typical, Math.Abs(difference)), Negligible * all);
        return (Math.Abs(difference - slope) / scale, Roundings * CheckTolerances.UnitRoundoff(ScalarType.Float64) * size / (2 * step) / scale);
    }

    private static Tensor[] Copies(Parameter[] parameters)
    {
        using IDisposable withoutGraph = no_grad();
        return [.. parameters.Select(parameter => parameter.clone())];
    }

    // ⟨g, d⟩, and its standard deviation over signs, ‖g ⊙ d‖.
    private static (double Along, double Typical) Slope(IEnumerable<Parameter> parameters, ulong direction)
    {
        double along = 0, squares = 0;
        foreach ((Parameter parameter, Tensor signs) in Signed(parameters, direction))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor products = (parameter.grad ?? zeros_like(parameter)) * parameter.detach() * signs;
            along += products.sum().item<double>();
            squares += products.square().sum().item<double>();
        }

        return (along, Math.Sqrt(squares));
    }

    private static void Move(Parameter[] parameters, Tensor[] kept, double share, ulong direction)
    {
        using IDisposable withoutGraph = no_grad();
        foreach (((Parameter parameter, Tensor signs), Tensor at) in Signed(parameters, direction).Zip(kept))
        {
            using DisposeScope scope = NewDisposeScope();
            parameter.copy_(at * RandomSigns.Factors(signs, share));
        }
    }

    // The loss, and the size of what is added up in it.
    private (double Loss, double Size) Loss(Network network)
    {
        // Each evaluation finds the buffers as the first did: what a module computes may depend on those that it changes.
        using var buffers = new BufferRestoration();
        buffers.Save(network);
        using ForwardPass pass = run(network);
        using DisposeScope scope = NewDisposeScope();
        Tensor[] terms = [.. pass.Outputs.Select((output, i) => output.detach() * noise(output, i))];
        return (terms.Sum(part => part.sum().item<double>()), terms.Sum(part => part.abs().sum().item<double>()));
    }

    private static IEnumerable<(Parameter Parameter, Tensor Signs)> Signed(IEnumerable<Parameter> parameters, ulong direction)
    {
        using Generator random = new(direction, CPU);
        foreach (Parameter parameter in parameters)
        {
            using Tensor signs = RandomSigns.Draw(parameter, random);
            yield return (parameter, signs);
        }
    }
}
