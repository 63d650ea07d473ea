namespace Iqt.Reversible;

/// <summary>
/// Declares an integer that a network is built with: a constructor parameter and a setting of the command
/// line (<c>--set Blocks=8</c>). Goes on a partial property of type <see cref="int"/>.
/// </summary>
/// <param name="default">The value where none is given; as small as every attribute that names it allows: 0 for blocks and paddings, 1 for most others.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HyperparameterAttribute(int @default) : Attribute
{
    /// <summary>The value where none is given.</summary>
    public int Default { get; } = @default;
}
