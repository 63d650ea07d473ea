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

    // A derivative that is missing or wrong is off by a good part of itself.
    private const double Tolerance = 1e-3;

    // Where the loss hardly depends on a segment, its differences are rounding.
    private const double Negligible = 1e-6;

    /// <summary>
    /// Of each segment with parameters: the difference between slope by differences and slope by autograd along one random
    /// direction, in which each parameter grows or shrinks by the same share, relative to the slope of such directions.
    /// </summary>
    public IReadOnlyList<CheckResult> Run()
    {
        using Network network = create();
        using (ForwardPass pass = run(network))
        {
            Tensor[] weights = [.. pass.Outputs.Select(noise)];
            pass.Backward(weights);
            Array.ForEach(weights, weight => weight.Dispose());
        }

        double all = Slope(network.parameters()).Typical;
        return
        [
            .. from segment in network.Segments
               let parameters = network.SegmentModule(segment.Name)?.parameters().Where(p => p.requires_grad).ToArray() ?? []
               where parameters.Length > 0
               select new CheckResult("finite differences", segment.Name, Error(network, parameters, all), Tolerance),
        ];
    }

    private double Error(Network network, Parameter[] parameters, double all)
    {
        (double slope, double typical) = Slope(parameters);
        Tensor[] kept = Copies(parameters);
        double Moved(double share)
        {
            Move(parameters, kept, share);
            return Loss(network);
        }

        double difference = (Moved(Step) - Moved(-Step)) / (2 * Step);
        Move(parameters, kept, 0);
        Array.ForEach(kept, tensor => tensor.Dispose());
        return Math.Abs(difference - slope) / Math.Max(Math.Max(typical, Math.Abs(difference)), Negligible * all);
    }

    private static Tensor[] Copies(Parameter[] parameters)
    {
        using IDisposable withoutGraph = no_grad();
        return [.. parameters.Select(parameter => parameter.clone())];
    }

    // ⟨g, d⟩, and its standard deviation over signs, ‖g ⊙ d‖.
    private (double Along, double Typical) Slope(IEnumerable<Parameter> parameters)
    {
        double along = 0, squares = 0;
        foreach ((Parameter parameter, Tensor signs) in Signed(parameters))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor products = (parameter.grad ?? zeros_like(parameter)) * parameter.detach() * signs;
            along += products.sum().item<double>();
            squares += products.square().sum().item<double>();
        }

        return (along, Math.Sqrt(squares));
    }

    private void Move(Parameter[] parameters, Tensor[] kept, double share)
    {
        using IDisposable withoutGraph = no_grad();
        foreach (((Parameter parameter, Tensor signs), Tensor at) in Signed(parameters).Zip(kept))
        {
            using DisposeScope scope = NewDisposeScope();
            parameter.copy_(at * (signs * share + 1));
        }
    }

    private double Loss(Network network)
    {
        using ForwardPass pass = run(network);
        using DisposeScope scope = NewDisposeScope();
        return pass.Outputs.Select((output, i) => (output.detach() * noise(output, i)).sum().item<double>()).Sum();
    }

    private IEnumerable<(Parameter Parameter, Tensor Signs)> Signed(IEnumerable<Parameter> parameters)
    {
        using Generator random = new(seed, CPU);
        foreach (Parameter parameter in parameters)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor signs = (randint(0, 2, parameter.shape, dtype: ScalarType.Float64, generator: random) * 2 - 1).to(parameter.device);
            yield return (parameter, signs);
        }
    }
}
