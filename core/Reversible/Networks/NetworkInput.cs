namespace Iqt.Reversible;

/// <summary>An input of a network.</summary>
/// <param name="Name">The declared name; <c>Input</c> where [Network] declares it.</param>
/// <param name="Channels">Its channels.</param>
public sealed record NetworkInput(string Name, int Channels);
