using Iqt.Reversible;

namespace Iqt.Tests.Networks;

/// <summary>A function that begins with a group normalisation.</summary>
[ResidualFunction]
public sealed partial class GroupsFirstFunction
{
    [GroupNorm(1), Relu, Conv3d(Kernel = 3, Padding = 1)]
    private partial Layers Only { get; }
}

/// <summary>
/// A stack straight at the input, whose gradient training does not ask for: libtorch 2.10 differentiates a group normalisation of
/// channels-last halves into nothing there, and ends the process.
/// </summary>
[Network("groups-first", InputChannels = 4)]
public sealed partial class GroupsFirst
{
    [Stack<GroupsFirstFunction>(2)]
    private partial Segment Stack { get; }

    [Conv3d(2)]
    private partial Segment Behind { get; }
}

/// <summary>
/// The same with halves of one channel, which libtorch takes for channels-last even when they are contiguous.
/// </summary>
[Network("groups-of-one-first", InputChannels = 2)]
public sealed partial class GroupsOfOneFirst
{
    [Stack<GroupsFirstFunction>(2)]
    private partial Segment Stack { get; }

    [Conv3d(2)]
    private partial Segment Behind { get; }
}
