using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Validation;

/// <summary>A rule that a declaration breaks, and where; the analyzer turns it into a diagnostic.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Target">What to point at.</param>
/// <param name="Arguments">The values for the message.</param>
internal sealed record Finding(DiagnosticDescriptor Rule, FindingTarget Target, params object[] Arguments);

/// <param name="Member">A property of the class; null for the class itself.</param>
/// <param name="AttributeIndex">One of the member's (or class's) attributes; null for its name.</param>
/// <param name="Argument">An argument of the attribute by its name; null for the whole attribute.</param>
internal readonly record struct FindingTarget(string? Member = null, int? AttributeIndex = null, string? Argument = null);
