using Iqt.Generators.Models;

namespace Iqt.Generators.Vocabulary;

/// <summary>A number of channels that has to be a multiple of another number.</summary>
/// <param name="What">Who needs it, for the message: <c>A voxel shuffle by 2</c>.</param>
/// <param name="Channels">The channels.</param>
/// <param name="Divisor">What they have to be a multiple of.</param>
/// <param name="Whose">The attribute's argument to point at; null for the whole attribute.</param>
internal sealed record DivisorRule(string What, Count Channels, Count Divisor, string? Whose = null)
{
    /// <summary>Whether they are known not to be.</summary>
    public bool IsBroken => Channels.Value is { } channels && Divisor.Value is > 0 and { } divisor && channels % divisor != 0;
}
