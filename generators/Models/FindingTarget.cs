namespace Iqt.Generators.Models;

/// <summary>A place in a declaration that a rule points at.</summary>
/// <param name="Member">A property of the class; null for the class itself.</param>
/// <param name="AttributeIndex">One of the member's (or class's) attributes; null for its name.</param>
/// <param name="Argument">An argument of the attribute by its name; null for the whole attribute.</param>
internal readonly record struct FindingTarget(string? Member = null, int? AttributeIndex = null, string? Argument = null);
