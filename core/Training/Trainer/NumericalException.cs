namespace Iqt.Training;

/// <summary>A loss or a prediction is no finite number. A training keeps its last good checkpoint.</summary>
/// <param name="message">Where it happened, what was found and the remedy.</param>
public sealed class NumericalException(string message) : Exception(message);
