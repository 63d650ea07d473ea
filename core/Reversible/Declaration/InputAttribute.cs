namespace Iqt.Reversible;

/// <summary>
/// The segment is an input of the network, beside or instead of the one that [Network] declares by its InputChannels, which
/// is called <c>Input</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputAttribute : Attribute
{
    /// <param name="channels">Channels of the input, at least 1.</param>
    public InputAttribute(int channels)
    {
        Channels = channels;
    }

    /// <param name="channels">Name of the hyperparameter that gives them.</param>
    public InputAttribute(string channels)
    {
        Channels = channels;
    }

    /// <summary>Channels, or the name of the hyperparameter that gives them.</summary>
    public object Channels { get; }
}
