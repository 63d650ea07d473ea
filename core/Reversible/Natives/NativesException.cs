namespace Iqt.Reversible.Natives;

/// <summary>libtorch can't be loaded; the message says what is missing and what to do.</summary>
public sealed class NativesException : Exception
{
    /// <param name="message">What is missing and the remedy.</param>
    /// <param name="innerException">What the system reported, if it did.</param>
    public NativesException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
