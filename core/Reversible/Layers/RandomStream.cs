namespace Iqt.Reversible;

/// <summary>The random numbers of one layer in one step.</summary>
internal static class RandomStream
{
    /// <summary>A seed that differs from layer to layer: the step's, mixed with the layer's number by SplitMix64 (Steele et al. 2014).</summary>
    public static ulong Seed(Execution execution, IRandomLayer layer)
    {
        unchecked
        {
            ulong z = execution.Seed + (layer.Stream + 1) * 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return (z ^ (z >> 31)) & long.MaxValue;
        }
    }
}
