using Iqt.Reversible.Adjoints;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible.Optimizers;

/// <summary>
/// An optimiser whose parameters and moments lie in one buffer for each block or segment of layers. It updates either all
/// parameters behind the backward pass (<see cref="Step"/>), or each block within it, as soon as its gradients are complete
/// (<see cref="Fused"/>): then no gradient outlives its block.
/// </summary>
/// <remarks>
/// The network's parameters become views of the buffers. A network that is moved to another device or type is followed.
/// </remarks>
public abstract class FlatOptimizer : IDisposable
{
    internal const string StepName = "step";

    private readonly List<FlatParameters> _groups = [];
    private readonly Dictionary<nn.Module, FlatParameters> _modules = new(ReferenceEqualityComparer.Instance);
    private readonly IReadOnlyList<string> _momentNames;

    /// <param name="network">Stays the caller's.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="momentNames">Names of what is remembered of each parameter, in saved states.</param>
    protected FlatOptimizer(Network network, double learningRate, IReadOnlyList<string> momentNames)
    {
        LearningRate = Setting.NotNegative(learningRate, nameof(learningRate));
        _momentNames = momentNames;
        foreach ((string name, nn.Module module) in network.UpdatedModules())
        {
            _modules[module] = Add($"{name}.", () => module.named_parameters());
        }

        string[] prefixes = [.. network.UpdatedModules().Select(named => $"{named.Name}.")];
        Add("", () => network.named_parameters().Where(named => !prefixes.Any(prefix => named.name.StartsWith(prefix, StringComparison.Ordinal))));
    }

    /// <summary>The rate of the next update, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or no number.</exception>
    public double LearningRate { get; set => field = Setting.NotNegative(value, nameof(LearningRate)); }

    /// <summary>
    /// The largest norm of all gradients together: <see cref="Step"/> scales larger ones down to it. Null for no limit. It
    /// needs all gradients at once, so <see cref="Fused"/> refuses it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0 or less.</exception>
    public double? MaxGradientNorm { get; init => field = Setting.Bound(value, nameof(MaxGradientNorm)); }

    /// <summary>Updates every parameter that has a gradient; the gradients stay.</summary>
    public void Step()
    {
        if (MaxGradientNorm is { } norm && _groups.SelectMany(group => group.Parameters).ToList() is var parameters)
        {
            using IDisposable withoutGraph = no_grad();
            _ = nn.utils.clip_grad_norm_(parameters.Where(HasGradient), norm);
        }

        _groups.ForEach(group => Update(group, freesGradients: false));
    }

    /// <summary>Frees all gradients.</summary>
    public void ZeroGradients() => _groups.ForEach(group => group.FreeGradients());

    /// <summary>
    /// Options with which a step's backward pass updates each block's parameters and frees its gradients at once, in place of
    /// <see cref="Step"/>. If the pass throws in the middle, the blocks behind that place are updated and the others are not.
    /// </summary>
    /// <param name="options">What else holds for the step.</param>
    /// <exception cref="InvalidOperationException">Gradients are to be clipped by the norm of all of them.</exception>
    public StepOptions Fused(StepOptions? options = null)
    {
        if (MaxGradientNorm is { } norm)
        {
            throw new InvalidOperationException(
                $"Gradients are clipped at a norm of {norm} over the whole network, which needs all gradients at once; the fused update frees each block's before the next is computed. Leave out one of the two.");
        }

        options ??= StepOptions.Default;
        return options with { GradientsComplete = options.GradientsComplete is { } other ? module => { other(module); Update(module); } : Update };
    }

    /// <summary>Updates the parameters of one block or segment and frees their gradients: for <see cref="StepOptions.GradientsComplete"/>.</summary>
    /// <exception cref="ArgumentException">The module belongs to another network.</exception>
    public void Update(nn.Module module) =>
        Update(
            _modules.TryGetValue(module, out FlatParameters? group) ? group : throw new ArgumentException($"Module {module.GetName()} is no block or segment of the network that this optimiser was made for.", nameof(module)),
            freesGradients: true);

    /// <summary>
    /// The moments and numbers of updates, by <c>parameter.moment</c> and <c>parameter.step</c>. The moments are views of the
    /// optimiser's own buffers; the caller disposes all tensors.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> State() => _groups.SelectMany(group => group.State(_momentNames)).ToDictionary(named => named.Name, named => named.Value);

    /// <summary>Goes on from a state that <see cref="State"/> gave, of any type and device. The learning rate is not part of it.</summary>
    /// <exception cref="ArgumentException">The state is not of such an optimiser of such a network; nothing was changed.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        IReadOnlyDictionary<string, Tensor> own = State();
        try
        {
            foreach ((string name, Tensor value) in own)
            {
                if (!state.TryGetValue(name, out Tensor? found) || !found.shape.AsSpan().SequenceEqual(value.shape))
                {
                    string what = found is null ? "is missing" : $"has shape [{string.Join(", ", found.shape)}]";
                    throw new ArgumentException($"The optimiser's state does not fit the network: {name} {what}, [{string.Join(", ", value.shape)}] is expected.", nameof(state));
                }

                if (name.EndsWith($".{StepName}", StringComparison.Ordinal) && Whole(found) is < 0 and var count)
                {
                    throw new ArgumentException($"The optimiser's state is damaged: {name} is {count}, and a number of updates is at least 0. Load another state.", nameof(state));
                }
            }

            if (state.Keys.FirstOrDefault(name => !own.ContainsKey(name)) is { } unknown)
            {
                throw new ArgumentException($"The optimiser's state does not fit the network: {unknown} is of no parameter or no moment of this optimiser.", nameof(state));
            }

            using IDisposable withoutGraph = no_grad();
            foreach ((string name, Tensor value) in own)
            {
                value.copy_(state[name]);
            }

            _groups.ForEach(group => group.SetSteps(name => own[name].item<long>()));
        }
        finally
        {
            foreach (Tensor value in own.Values)
            {
                value.Dispose();
            }
        }
    }

    /// <summary>Frees the moments; the parameters live on.</summary>
    public void Dispose()
    {
        _groups.ForEach(group => group.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>Changes parameters by their gradients, without a graph.</summary>
    /// <param name="values">[n], changed in place.</param>
    /// <param name="gradient">[n]; may be overwritten.</param>
    /// <param name="moments">In the order of their names, each [n], zeros before the first update; changed in place.</param>
    /// <param name="count">Number of this update, from 1.</param>
    protected abstract void Update(Tensor values, Tensor gradient, IReadOnlyList<Tensor> moments, long count);

    private static long Whole(Tensor number)
    {
        using Tensor whole = number.to_type(ScalarType.Int64);
        return whole.item<long>();
    }

    private static bool HasGradient(Parameter parameter)
    {
        using Tensor? gradient = parameter.grad;
        return gradient is not null;
    }

    private void Update(FlatParameters group, bool freesGradients)
    {
        using IDisposable withoutGraph = no_grad();
        group.Update(Update, freesGradients);
    }

    private FlatParameters Add(string prefix, Func<IEnumerable<(string, Parameter)>> find)
    {
        var group = new FlatParameters(prefix, find, _momentNames.Count);
        _groups.Add(group);
        return group;
    }
}
