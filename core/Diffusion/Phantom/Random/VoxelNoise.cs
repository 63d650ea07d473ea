namespace Iqt.Diffusion.Phantom;

/// <summary>
/// Normal random numbers by counter: each depends on the seed, the voxel and the volume only, never on which
/// thread asks or in what order.
/// </summary>
internal readonly struct VoxelNoise(SubjectSeed seed)
{
    private readonly ulong _key = seed.Value;

    /// <summary>Two independent standard normal numbers (Box and Muller).</summary>
    public (float Real, float Imaginary) Pair(int voxel, int volume)
    {
        ulong bits = SubjectSeed.Mix(_key + ((ulong)(uint)volume << 32 | (uint)voxel) * 0x9E3779B97F4A7C15);
        // 2^-32 · (n + 1) lies in (0, 1]: its logarithm is finite.
        float radius = MathF.Sqrt(-2 * MathF.Log(((bits >> 32) + 1) * (1f / 4294967296f)));
        (float sine, float cosine) = MathF.SinCos((uint)bits * (2 * MathF.PI / 4294967296f));
        return (radius * cosine, radius * sine);
    }
}
