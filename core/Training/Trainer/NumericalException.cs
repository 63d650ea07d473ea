namespace Iqt.Training;

/// <summary>The loss is no finite number any more. The last good checkpoint is kept.</summary>
/// <param name="message">Where it happened and the remedy.</param>
public sealed class NumericalException(string message) : Exception(message);
