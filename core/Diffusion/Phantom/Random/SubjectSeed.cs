namespace Iqt.Diffusion.Phantom;

/// <summary>
/// Seeds that depend on nothing but the data set's seed, the subject's number and what they are for, so that a
/// subject is the same however many are made and a new structure leaves the others as they were.
/// </summary>
internal readonly record struct SubjectSeed(ulong Value)
{
    public static SubjectSeed Of(ulong seed, int subject) =>
        new(Mix(Mix(seed + 0x9E3779B97F4A7C15) ^ (ulong)subject * 0xD1B54A32D192ED03));

    /// <summary>The seed of one part, for example "fold field, left".</summary>
    public SubjectSeed For(string part)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        ulong hash = 14695981039346656037;
        foreach (char letter in part)
        {
            hash = (hash ^ letter) * 1099511628211;
        }

        return new SubjectSeed(Mix(Value ^ hash));
    }

    /// <summary>The bijective finaliser of SplitMix64 (Steele et al. 2014).</summary>
    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
