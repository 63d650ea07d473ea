using Iqt.Generators.Parsing;

namespace Iqt.Generators.Models;

/// <summary>
/// What rules found wrong so far. Nothing is worked out from it, so that a mistake elsewhere is still seen and what would only
/// repeat this one, in stranger words, is not said.
/// </summary>
internal sealed class Doubts(IEnumerable<FindingTarget> targets)
{
    private readonly List<FindingTarget> _targets = [.. targets];

    public static Doubts None { get; } = new([]);

    /// <summary>Whether the channels of the input that [Network] declares are in doubt.</summary>
    public bool OfInputChannels => _targets.Any(target => target is { Member: null, Argument: "InputChannels" });

    /// <summary>Whether anything of a property is.</summary>
    public bool Of(string member) => _targets.Any(target => target.Member == member);

    /// <summary>Whether one of a member's attributes is, or an argument of it.</summary>
    public bool Of(DeclaredMember member, int attributeIndex) => _targets.Any(target => target.Member == member.Name && target.AttributeIndex == attributeIndex);

    /// <summary>Whether it is in doubt how many channels an operation gives. Those are an argument of the constructor, in small letters, if they are one.</summary>
    public bool OfChannels(DeclaredMember member, DeclaredOperation operation) => _targets.Any(target =>
        target.Member == member.Name && target.AttributeIndex == operation.AttributeIndex && (target.Argument is null || char.IsLower(target.Argument[0])));
}
