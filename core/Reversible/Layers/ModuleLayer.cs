using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>A module of the user's own as a layer (<see cref="LayerAttribute{TModule}"/>).</summary>
/// <typeparam name="TModule">The module.</typeparam>
public sealed class ModuleLayer<TModule> : nn.Module, IRandomLayer
    where TModule : nn.Module<Tensor, Tensor>
{
    private readonly TModule _module;
    private readonly int _outputChannels;

    /// <param name="module">Owned from here.</param>
    /// <param name="outputChannels">What it has to put out.</param>
    public ModuleLayer(TModule module, int outputChannels) : base(typeof(TModule).Name)
    {
        _module = module;
        _outputChannels = outputChannels;
        register_module("module", module);
    }

    ulong IRandomLayer.Stream { get; set; }

    /// <summary>Applies the module; the caller disposes the result.</summary>
    /// <exception cref="InvalidOperationException">It changed the size, or gave another number of channels than declared.</exception>
    public Tensor Apply(Tensor input, Execution execution)
    {
        Tensor output = ModuleRun.Apply(_module, input, execution, this);
        long[] expected = [input.shape[0], _outputChannels, .. input.shape.Skip(2)];
        if (output.shape.AsSpan().SequenceEqual(expected))
        {
            return output;
        }

        string found = string.Join(", ", output.shape);
        output.Dispose();
        throw new InvalidOperationException($"Module {typeof(TModule).Name} gave [{found}] for [{string.Join(", ", input.shape)}]; its declaration says [{string.Join(", ", expected)}]. A layer keeps the size.");
    }
}
