namespace Iqt.Reversible;

/// <summary>
/// A module of the user's own as a layer. It keeps the size, and is built with the arguments that its public
/// constructor names: <c>int channels</c> (or <c>inputChannels</c>, <c>outputChannels</c>), and if it takes them
/// <c>Device? device</c> and <c>ScalarType? dtype</c>. Random numbers inside are replayed when it is recomputed; its
/// buffers change in the first run of a step only.
/// </summary>
/// <typeparam name="TModule">A class derived from <c>nn.Module&lt;Tensor, Tensor&gt;</c>.</typeparam>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class LayerAttribute<TModule> : Attribute
{
    /// <summary>As many output channels as input channels.</summary>
    public LayerAttribute()
    {
    }

    /// <param name="channels">Output channels; the module's constructor takes <c>outputChannels</c>.</param>
    public LayerAttribute(int channels)
    {
        Channels = channels;
    }

    /// <param name="channels">Name of the hyperparameter that gives the output channels.</param>
    public LayerAttribute(string channels)
    {
        Channels = channels;
    }

    /// <summary>Output channels, the name of the hyperparameter that gives them, or null for those of the input.</summary>
    public object? Channels { get; }
}
