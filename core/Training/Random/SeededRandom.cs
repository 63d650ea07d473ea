namespace Iqt.Training;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same numbers on every machine and .NET version,
/// which <see cref="System.Random"/> does not promise.
/// </summary>
public sealed class SeededRandom
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <param name="seed">Any number.</param>
    public SeededRandom(ulong seed)
    {
        _state = seed;
    }

    /// <summary>
    /// The stream for one part of a seeded whole, for example an epoch of a training or a subject of a data set;
    /// it does not depend on what was drawn for other parts.
    /// </summary>
    public static SeededRandom For(ulong seed, string part)
    {
        ulong hash = seed;
        foreach (char letter in part)
        {
            hash = Mix(hash ^ letter);
        }

        return new SeededRandom(hash);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        _state += Step;
        return Mix(_state);
    }

    /// <summary>A number from 0 to <paramref name="count"/> − 1.</summary>
    public int Next(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        // Multiply-shift: the bias is below count / 2⁶⁴.
        return (int)((UInt128)NextBits() * (uint)count >> 64);
    }

    /// <summary>Puts the items into a random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong bits)
    {
        bits += Step;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
