using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// A smooth, band-limited random function of space with mean 0 and variance 1: a sum of plane waves whose lengths
/// lie in a band (the spectral representation of a Gaussian random field).
/// </summary>
internal sealed class SmoothField
{
    private readonly Vector3[] _waves;
    private readonly float[] _phases;
    private readonly float _amplitude;

    /// <param name="seed">Decides directions, lengths and phases.</param>
    /// <param name="shortest">Shortest wave in mm.</param>
    /// <param name="longest">Longest wave in mm.</param>
    /// <param name="waves">Their number; more come closer to a Gaussian field.</param>
    public SmoothField(SubjectSeed seed, float shortest, float longest, int waves)
    {
        var random = new RandomStream(seed);
        _waves = new Vector3[waves];
        _phases = new float[waves];
        _amplitude = MathF.Sqrt(2f / waves);
        for (int i = 0; i < waves; i++)
        {
            float z = random.Uniform(-1, 1), angle = random.Uniform(0, 2 * MathF.PI);
            float across = MathF.Sqrt(1 - z * z);
            var direction = new Vector3(across * MathF.Cos(angle), across * MathF.Sin(angle), z);
            _waves[i] = direction * (2 * MathF.PI / random.Uniform(shortest, longest));
            _phases[i] = random.Uniform(0, 2 * MathF.PI);
        }
    }

    /// <summary>The value at a point (mm).</summary>
    public float At(Vector3 point)
    {
        float sum = 0;
        for (int i = 0; i < _waves.Length; i++)
        {
            sum += MathF.Cos(Vector3.Dot(_waves[i], point) + _phases[i]);
        }

        return _amplitude * sum;
    }

    /// <summary>The value at a point and its gradient per mm.</summary>
    public float At(Vector3 point, out Vector3 gradient)
    {
        float sum = 0;
        Vector3 slope = Vector3.Zero;
        for (int i = 0; i < _waves.Length; i++)
        {
            (float sine, float cosine) = MathF.SinCos(Vector3.Dot(_waves[i], point) + _phases[i]);
            sum += cosine;
            slope -= _waves[i] * sine;
        }

        gradient = _amplitude * slope;
        return _amplitude * sum;
    }
}
