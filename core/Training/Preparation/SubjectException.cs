using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>A subject that can't be prepared, where that ends the preparation; the others may be in order.</summary>
/// <param name="subject">Its name.</param>
/// <param name="message">The subject, what was found, what was expected, the remedy.</param>
/// <param name="cause">What is wrong with it.</param>
public sealed class SubjectException(string subject, string message, DataException cause) : DataException(message, cause)
{
    /// <summary>The subject's name.</summary>
    public string Subject { get; } = subject;
}
