namespace Iqt.Reversible;

/// <summary>The machine, or this build of Iqt, has no such device.</summary>
/// <param name="message">The device and the remedy.</param>
public sealed class DeviceUnavailableException(string message) : Exception(message);
