namespace Iqt.Reversible;

/// <summary>A module of the user's own does what a network can't use; the message names it.</summary>
public sealed class ModuleException : InvalidOperationException
{
    /// <param name="message">For the module's author.</param>
    /// <param name="cause">What the module threw, if it did.</param>
    public ModuleException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}
