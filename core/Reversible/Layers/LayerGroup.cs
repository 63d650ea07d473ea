using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Gives the layers of one declared member a common prefix in parameter names: <c>layer1.conv.weight</c>.</summary>
public sealed class LayerGroup : nn.Module
{
    /// <param name="name">The declared name.</param>
    public LayerGroup(string name) : base(name)
    {
    }

    /// <summary>Registers a layer and returns it.</summary>
    public TLayer Add<TLayer>(string name, TLayer layer)
        where TLayer : nn.Module
    {
        register_module(name, layer);
        return layer;
    }
}
