using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>A prepared data set that can't be used as asked.</summary>
/// <param name="fault">What is wrong.</param>
/// <param name="message">The folder, what was found, what was expected, the remedy.</param>
public sealed class PreparedDatasetException(PreparedDatasetFault fault, string message) : DataException(message)
{
    /// <summary>What is wrong.</summary>
    public PreparedDatasetFault Fault { get; } = fault;
}
