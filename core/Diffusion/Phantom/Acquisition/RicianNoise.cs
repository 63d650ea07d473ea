namespace Iqt.Diffusion.Phantom;

/// <summary>
/// The noise of magnitude images: the length of a complex signal with independent normal noise in both parts
/// (Gudbjartsson and Patz, MRM 34 (1995)).
/// </summary>
public sealed class RicianNoise
{
    private readonly VoxelNoise _noise;
    private readonly float _deviation;

    /// <param name="seed">The same seed, voxel and volume have the same noise.</param>
    /// <param name="deviation">Standard deviation of each part, in units of the signal.</param>
    public RicianNoise(ulong seed, double deviation)
    {
        _noise = new VoxelNoise(new SubjectSeed(seed));
        _deviation = (float)deviation;
    }

    /// <summary>The measured magnitude of a signal.</summary>
    public float Measure(float signal, int voxel, int volume)
    {
        (float real, float imaginary) = _noise.Pair(voxel, volume);
        real = signal + _deviation * real;
        imaginary *= _deviation;
        return MathF.Sqrt(real * real + imaginary * imaginary);
    }
}
