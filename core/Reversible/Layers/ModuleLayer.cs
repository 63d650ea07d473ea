using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>A module of the user's own as a layer (<see cref="LayerAttribute{TModule}"/>).</summary>
/// <typeparam name="TModule">The module.</typeparam>
public sealed class ModuleLayer<TModule> : nn.Module, IRandomLayer
    where TModule : nn.Module<Tensor, Tensor>
{
    private readonly TModule _module;
    private readonly int _outputChannels;
    private readonly string _duty;
    private readonly HashSet<bool> _keepsInput = [];

    /// <param name="module">Owned from here.</param>
    /// <param name="outputChannels">What it has to put out.</param>
    /// <param name="device">Where the network's parameters lie, and from here the module's: its constructor need not take one.</param>
    /// <param name="dtype">Their type, from here the module's too.</param>
    public ModuleLayer(TModule module, int outputChannels, Device? device = null, ScalarType? dtype = null)
        : this(module, outputChannels, device, dtype, "A layer gives the channels that its declaration says and keeps the size")
    {
    }

    internal ModuleLayer(TModule module, int outputChannels, Device? device, ScalarType? dtype, string duty) : base(typeof(TModule).Name)
    {
        _module = device is null ? module : module.to(device);
        _module = dtype is { } type ? _module.to(type) : _module;
        _outputChannels = outputChannels;
        _duty = duty;
        register_module("module", _module);
    }

    ulong IRandomLayer.Stream { get; set; }

    bool IRandomLayer.Draws => ModuleRun.IsTraining(_module);

    /// <summary>Applies the module; the caller disposes the result.</summary>
    /// <exception cref="ModuleException">It failed, changed its input or the size, or gave another number of channels than declared.</exception>
    public Tensor Apply(Tensor input, Execution execution)
    {
        // In the order in which its numbers are written: where a module draws as many as its input has, they would be others in
        // another order, and stacks keep theirs channels last.
        using Tensor ordered = input.contiguous();
        Tensor output = Run(ordered, execution);
        if (Fault(input, output) is not { } fault)
        {
            return output;
        }

        output.Dispose();
        throw new ModuleException($"Module {typeof(TModule).Name} gave {fault}. {_duty}, and its type and device.");
    }

    private string? Fault(Tensor input, Tensor output)
    {
        if (output.dtype != input.dtype || output.device.type != input.device.type)
        {
            return $"{output.dtype} on {output.device} for an input of {input.dtype} on {input.device}";
        }

        long[] found = output.shape, expected = [input.shape[0], _outputChannels, .. input.shape.Skip(2)];
        string channels = found.Length > 1 && found[1] != _outputChannels ? $"{found[1]} channels for {_outputChannels}" : "another size";
        return found.AsSpan().SequenceEqual(expected)
            ? null
            : $"{channels}: [{string.Join(", ", found)}] for an input of [{string.Join(", ", input.shape)}], where [{string.Join(", ", expected)}] was expected";
    }

    // What overwrites its input spoils an activation that others read, and most often nothing would say so. Once is enough:
    // what a module does to its input is in its code; but that may look at the mode.
    private Tensor Run(Tensor input, Execution execution)
    {
        bool isTraining = ModuleRun.IsTraining(_module);
        if (_keepsInput.Contains(isTraining))
        {
            return Guarded(input, execution);
        }

        using Tensor before = Copy(input);
        Tensor output = Guarded(input, execution);
        if (!IsSame(input, before))
        {
            output.Dispose();
            throw new ModuleException(ChangesInput);
        }

        _keepsInput.Add(isTraining);
        return output;
    }

    private Tensor Guarded(Tensor input, Execution execution)
    {
        try
        {
            Tensor output = ModuleRun.Apply(_module, input, execution, this);
            if (input.IsInvalid)
            {
                output.Dispose();
                throw new ModuleException($"Module {typeof(TModule).Name} disposes its input, which others still read. Let forward dispose only what it made.");
            }

            return ReferenceEquals(output, input) ? input.alias() : output; // whoever frees the one must not free the other
        }
        catch (Exception error) when (error is not (OutOfMemoryException or OperationCanceledException or ModuleException))
        {
            // libtorch's words for an operation in place on what the backward pass still reads.
            throw new ModuleException(
                error.Message.Contains("in-place operation", StringComparison.Ordinal)
                    ? ChangesInput
                    : $"Module {typeof(TModule).Name} failed on an input of [{string.Join(", ", input.shape)}]: {error.Message.Split('\n')[0]}",
                error);
        }
    }

    private static string ChangesInput =>
        $"Module {typeof(TModule).Name} changes its input, which others still read. Let forward work on a copy: mul instead of mul_, functional.relu without inplace.";

    private static Tensor Copy(Tensor tensor)
    {
        using IDisposable withoutGraph = no_grad();
        using Tensor detached = tensor.detach();
        return detached.clone();
    }

    private static bool IsSame(Tensor tensor, Tensor copy)
    {
        using IDisposable withoutGraph = no_grad();
        using Tensor detached = tensor.detach();
        return detached.allclose(copy, rtol: 0, atol: 0, equal_nan: true);
    }
}
