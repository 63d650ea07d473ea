namespace Iqt.Reversible;

/// <summary>No network of a catalogue has the name; the message lists those it has.</summary>
public sealed class UnknownNetworkException : ArgumentException
{
    /// <param name="message">With the name and those that are known.</param>
    public UnknownNetworkException(string message) : base(message)
    {
    }
}
