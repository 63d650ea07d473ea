using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>
/// A network written by hand with nothing but TorchSharp, to hold a declared one against: its parameters and buffers have
/// the names of the declared network's.
/// </summary>
internal abstract class Reference(string name) : nn.Module(name)
{
    private static readonly Scalar One = 1.0.ToScalar();

    public abstract Tensor[] Outputs(params Tensor[] inputs);

    // a + b makes a temporary Scalar that the collector may finalise during the native call.
    public static Tensor Add(Tensor a, Tensor b) => add(a, b, One);

    protected TModule Named<TModule>(string name, TModule module)
        where TModule : nn.Module
    {
        register_module(name, module);
        return module;
    }
}
