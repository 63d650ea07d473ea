namespace Iqt.Reversible;

/// <summary>The function that computes the loss of a step does what no loss may; the message says what.</summary>
public sealed class LossException : InvalidOperationException
{
    /// <param name="message">For the function's author.</param>
    /// <param name="cause">What it threw, if it did.</param>
    public LossException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}
