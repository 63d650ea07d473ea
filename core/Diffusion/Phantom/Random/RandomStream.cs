namespace Iqt.Diffusion.Phantom;

/// <summary>Random numbers in sequence (SplitMix64), for the few parameters that shape a subject.</summary>
internal sealed class RandomStream(SubjectSeed seed)
{
    private ulong _state = seed.Value;

    /// <summary>Uniform between the two.</summary>
    public float Uniform(float low, float high)
    {
        _state += 0x9E3779B97F4A7C15;
        return low + (high - low) * ((SubjectSeed.Mix(_state) >> 40) * (1f / (1 << 24)));
    }

    /// <summary>Normal with the given mean and standard deviation, cut off at two standard deviations.</summary>
    public float Normal(float mean, float deviation)
    {
        float radius = MathF.Sqrt(-2 * MathF.Log(1 - Uniform(0, 1)));
        float normal = radius * MathF.Cos(2 * MathF.PI * Uniform(0, 1));
        return mean + deviation * Math.Clamp(normal, -2, 2);
    }
}
