namespace Iqt.Reversible;

/// <summary>
/// What layers and segments need of channels that a hyperparameter decides; called by generated constructors. The compiler
/// judges the defaults only, and libtorch finds out at the first step, or never: it stretches a single channel over many.
/// </summary>
public static class ChannelRequirements
{
    /// <summary>Refuses summands whose channels differ.</summary>
    /// <param name="segment">The segment that adds them.</param>
    /// <param name="summands">Their names and channels.</param>
    /// <exception cref="ArgumentException">They differ.</exception>
    public static void Equal(string segment, params (string Name, int Channels)[] summands)
    {
        if (summands.Any(summand => summand.Channels != summands[0].Channels))
        {
            throw new ArgumentException($"{segment} adds {string.Join(" and ", summands.Select(summand => $"{summand.Name} ({summand.Channels} channels)"))}, and summands need equal channels. Choose hyperparameters that give them.");
        }
    }

    /// <summary>Refuses channels that are not a multiple of a number.</summary>
    /// <param name="segment">The segment that has them.</param>
    /// <param name="what">Who needs the multiple, for the message: <c>A voxel shuffle by 2</c>.</param>
    /// <param name="channels">The channels.</param>
    /// <param name="divisor">What they have to be a multiple of, at least 1.</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static void Multiple(string segment, string what, int channels, int divisor)
    {
        if (channels % divisor != 0)
        {
            int below = channels / divisor * divisor;
            string fitting = below == 0 ? $"{divisor}" : $"{below} or {below + divisor}";
            throw new ArgumentException($"{what} needs a multiple of {divisor} channels, and {segment} has {channels}. Choose hyperparameters that give {fitting}.");
        }
    }
}
