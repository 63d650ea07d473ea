namespace Iqt.Reversible;

/// <summary>
/// Declares a network: the class's partial properties of type <see cref="Segment"/>, in the order of the
/// source, are its segments, each fed by the one above it unless <see cref="FromAttribute"/>,
/// <see cref="ConcatAttribute"/> or <see cref="SumAttribute"/> says otherwise. The generator completes the class:
/// constructor, forward pass, inversion of stacks, segment-wise backward pass.
/// </summary>
/// <param name="name">The name on the command line and in checkpoints, for example <c>espcn-rn</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NetworkAttribute(string name) : Attribute
{
    /// <summary>The name on the command line and in checkpoints.</summary>
    public string Name { get; } = name;

    /// <summary>Channels of the input, for example 6 for a diffusion tensor image, or the name of a hyperparameter.</summary>
    public object? InputChannels { get; set; }

    /// <summary>3 for [batch, channels, depth, height, width], 2 for [batch, channels, height, width].</summary>
    public int Dimensions { get; set; } = 3;
}
