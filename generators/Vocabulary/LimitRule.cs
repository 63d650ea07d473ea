using Iqt.Generators.Models;

namespace Iqt.Generators.Vocabulary;

/// <summary>A number that another number of the same layer limits.</summary>
/// <param name="Argument">The argument to point at.</param>
/// <param name="Value">The number.</param>
/// <param name="Maximum">The greatest that it may be.</param>
/// <param name="Words">Why, as "has to be …".</param>
internal sealed record LimitRule(string Argument, Count Value, long Maximum, string Words);
