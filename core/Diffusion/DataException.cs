namespace Iqt.Diffusion;

/// <summary>
/// Input that can't be used. The message names the file, what was found, what was expected and the remedy;
/// the command ends with the exit code for data errors.
/// </summary>
public class DataException : Exception
{
    /// <param name="message">The file, what was found, what was expected, the remedy.</param>
    public DataException(string message) : base(message)
    {
    }

    /// <param name="message">The file, what was found, what was expected, the remedy.</param>
    /// <param name="innerException">What the system reported.</param>
    public DataException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
