using System.Globalization;
using Iqt.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Validation;

/// <summary>A rule that a declaration breaks, and where; the analyzer turns it into a diagnostic.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Target">What to point at.</param>
/// <param name="Arguments">The values for the message.</param>
internal sealed record Finding(DiagnosticDescriptor Rule, FindingTarget Target, params object[] Arguments)
{
    /// <summary>The rule and what it says, as a build reports it.</summary>
    public string Message => $"{Rule.Id}: {string.Format(CultureInfo.InvariantCulture, Rule.MessageFormat.ToString(CultureInfo.InvariantCulture), Arguments)}";
}
