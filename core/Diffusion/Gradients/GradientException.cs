namespace Iqt.Diffusion;

/// <summary>What is wrong with a gradient table.</summary>
public enum GradientFault
{
    /// <summary>No b-value or direction file beside the images.</summary>
    Missing,

    /// <summary>Text that is no number, or rows of unequal length.</summary>
    Unreadable,

    /// <summary>The directions are as many as the b-values neither in rows nor in columns.</summary>
    DirectionCount,

    /// <summary>The table has another length than the series has volumes.</summary>
    VolumeCount,

    /// <summary>A weighted volume without a direction of unit length.</summary>
    Direction,

    /// <summary>A b-value that is negative or not finite.</summary>
    BValue,

    /// <summary>No volume at the b-value asked for.</summary>
    ShellAbsent,

    /// <summary>Too few or too similar directions for a tensor.</summary>
    Degenerate,
}

/// <summary>A gradient table that can't be read or used.</summary>
public sealed class GradientException : DataException
{
    /// <param name="fault">What is wrong.</param>
    /// <param name="message">The file, what was found, what was expected, the remedy.</param>
    /// <param name="innerException">What the system reported, if it did.</param>
    public GradientException(GradientFault fault, string message, Exception? innerException = null) : base(message, innerException!)
    {
        Fault = fault;
    }

    /// <summary>What is wrong.</summary>
    public GradientFault Fault { get; }
}
