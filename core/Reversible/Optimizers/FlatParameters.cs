using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible.Optimizers;

/// <summary>Changes parameters by their gradients.</summary>
/// <param name="values">[n], changed in place.</param>
/// <param name="gradient">[n]; may be overwritten.</param>
/// <param name="moments">What the optimiser remembers, each [n], changed in place.</param>
/// <param name="count">Number of this update, from 1.</param>
internal delegate void UpdateRule(Tensor values, Tensor gradient, IReadOnlyList<Tensor> moments, long count);

/// <summary>
/// The parameters of one module (a block, or the layers of a segment) as views of one buffer, with an optimiser's moments in
/// buffers beside it: an update is a few operations on whole buffers instead of a few for each parameter.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    // Whose buffer a parameter lies in: moving a module makes new parameters, and another optimiser takes them over.
    private static readonly ConditionalWeakTable<Parameter, FlatParameters> Owners = [];

    private readonly string _prefix;
    private readonly Func<IEnumerable<(string Name, Parameter Parameter)>> _find;
    private readonly Tensor?[] _moments;
    private (string Name, Parameter Parameter)[] _parameters = [];
    private long[] _starts = [0];
    private long[] _steps = [];
    private Tensor? _values;
    private bool _isDisposed;

    /// <param name="prefix">Of the parameters' names in the network.</param>
    /// <param name="find">The module's parameters as they are now, by name in the module.</param>
    /// <param name="moments">How many numbers the optimiser remembers of each.</param>
    public FlatParameters(string prefix, Func<IEnumerable<(string Name, Parameter Parameter)>> find, int moments)
    {
        _prefix = prefix;
        _find = find;
        _moments = new Tensor?[moments];
        Bind();
    }

    /// <summary>Number of parameter tensors.</summary>
    public int Count => _parameters.Length;

    /// <summary>The parameters as they are now: moving a module makes new ones.</summary>
    public IEnumerable<Parameter> Parameters => _find().Select(named => named.Parameter);

    /// <summary>Updates the parameters that have a gradient; the others and their moments stay as they are.</summary>
    /// <param name="rule">The optimiser's.</param>
    /// <param name="freesGradients">Whether the gradients are freed, before the moments are touched.</param>
    public void Update(UpdateRule rule, bool freesGradients)
    {
        Bind();
        Tensor?[] gradients = [.. _parameters.Select(named => named.Parameter.grad)];
        try
        {
            for (int first = 0; first < gradients.Length;)
            {
                int end = first + 1;
                if (gradients[first] is not null)
                {
                    while (end < gradients.Length && gradients[end] is not null && _steps[end] == _steps[first])
                    {
                        end++;
                    }

                    Update(rule, gradients, first, end, freesGradients);
                }

                first = end;
            }
        }
        finally
        {
            Array.ForEach(gradients, gradient => gradient?.Dispose());
        }
    }

    /// <summary>Frees the gradients.</summary>
    public void FreeGradients()
    {
        foreach (Parameter parameter in Parameters)
        {
            parameter.grad = null;
        }
    }

    /// <summary>The moments and numbers of updates by <c>parameter.moment</c>; the caller disposes the views.</summary>
    public IEnumerable<(string Name, Tensor Value)> State(IReadOnlyList<string> momentNames)
    {
        Bind();
        for (int i = 0; i < Count; i++)
        {
            for (int m = 0; m < _moments.Length; m++)
            {
                using Tensor part = Part(_moments[m]!, i, i + 1);
                yield return ($"{_prefix}{_parameters[i].Name}.{momentNames[m]}", part.view(_parameters[i].Parameter.shape));
            }

            yield return ($"{_prefix}{_parameters[i].Name}.{FlatOptimizer.StepName}", tensor(_steps[i]));
        }
    }

    /// <summary>Takes the numbers of updates from a state; the moments are written through <see cref="State"/>.</summary>
    public void SetSteps(Func<string, long> step)
    {
        for (int i = 0; i < Count; i++)
        {
            _steps[i] = step($"{_prefix}{_parameters[i].Name}.{FlatOptimizer.StepName}");
        }
    }

    /// <summary>Frees the moments. The parameters live on.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _values?.Dispose();
        _values = null;
        for (int m = 0; m < _moments.Length; m++)
        {
            _moments[m]?.Dispose();
            _moments[m] = null;
        }
    }

    private void Update(UpdateRule rule, Tensor?[] gradients, int first, int end, bool freesGradients)
    {
        using Tensor gradient = Flat(gradients[first..end]!);
        if (freesGradients)
        {
            for (int i = first; i < end; i++)
            {
                gradients[i]!.Dispose();
                gradients[i] = null;
                _parameters[i].Parameter.grad = null;
            }
        }

        using Tensor values = Part(_values!, first, end);
        Tensor[] moments = [.. _moments.Select(moment => Part(moment!, first, end))];
        try
        {
            rule(values, gradient, moments, _steps[first] + 1);
        }
        finally
        {
            Array.ForEach(moments, moment => moment.Dispose());
        }

        for (int i = first; i < end; i++)
        {
            _steps[i]++;
        }
    }

    private Tensor Part(Tensor buffer, int first, int end) => buffer.narrow(0, _starts[first], _starts[end] - _starts[first]);

    // Always a copy.
    private static Tensor Flat(Tensor[] tensors)
    {
        Tensor[] parts = [.. tensors.Select(part => part.reshape(-1))];
        try
        {
            return cat(parts);
        }
        finally
        {
            Array.ForEach(parts, part => part.Dispose());
        }
    }

    private void Bind()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(FlatOptimizer));
        (string Name, Parameter Parameter)[] found = [.. _find()];
        if (found.Length == Count && found.All(named => Owners.TryGetValue(named.Parameter, out FlatParameters? owner) && owner == this))
        {
            return;
        }

        if (found.FirstOrDefault(named => Place(named.Parameter) != Place(found[0].Parameter)).Name is { } other)
        {
            throw new ArgumentException(
                $"Parameters {_prefix}{found[0].Name} and {_prefix}{other} have different types or devices; an optimiser needs those of one block or segment to agree.");
        }

        if (Count > 0 && !found.Select(named => (named.Name, named.Parameter.numel())).SequenceEqual(_parameters.Select((named, i) => (named.Name, _starts[i + 1] - _starts[i]))))
        {
            throw new InvalidOperationException($"The parameters of {_prefix.TrimEnd('.')} are no longer those that the optimiser was made for. Make a new optimiser.");
        }

        Take(found);
    }

    private static (ScalarType, TorchSharp.DeviceType, int) Place(Tensor tensor) => (tensor.dtype, tensor.device_type, tensor.device_index);

    private void Take((string Name, Parameter Parameter)[] found)
    {
        using IDisposable withoutGraph = no_grad();
        if (_steps.Length == 0)
        {
            _steps = new long[found.Length];
            _starts = [0, .. found.Select(named => named.Parameter.numel())];
            for (int i = 1; i < _starts.Length; i++)
            {
                _starts[i] += _starts[i - 1];
            }
        }

        _parameters = found;
        if (found.Length == 0)
        {
            return;
        }

        _values?.Dispose();
        _values = Flat([.. found.Select(named => (Tensor)named.Parameter)]).DetachFromDisposeScope();
        for (int i = 0; i < found.Length; i++)
        {
            using Tensor part = Part(_values, i, i + 1);
            using Tensor shaped = part.view(found[i].Parameter.shape);
            found[i].Parameter.set_(shaped);
            Owners.AddOrUpdate(found[i].Parameter, this);
        }

        for (int m = 0; m < _moments.Length; m++)
        {
            using Tensor? before = _moments[m];
            using Tensor moved = before?.to(_values.dtype, _values.device) ?? zeros_like(_values); // may be the same object
            _moments[m] = moved.alias().DetachFromDisposeScope();
        }
    }
}
