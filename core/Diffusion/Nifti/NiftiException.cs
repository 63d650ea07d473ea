namespace Iqt.Diffusion;

/// <summary>A NIfTI file that can't be read or written as asked.</summary>
public sealed class NiftiException : DataException
{
    /// <param name="fault">What is wrong.</param>
    /// <param name="file">The file in question.</param>
    /// <param name="problem">What was found, what was expected, the remedy.</param>
    /// <param name="innerException">What the system reported, if it did.</param>
    public NiftiException(NiftiFault fault, string file, string problem, Exception? innerException = null)
        : base($"{file}: {problem}", innerException!)
    {
        Fault = fault;
        FileName = file;
    }

    /// <summary>What is wrong.</summary>
    public NiftiFault Fault { get; }

    /// <summary>The file in question.</summary>
    public string FileName { get; }
}
