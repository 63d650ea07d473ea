using System.Numerics;
using System.Runtime.Intrinsics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// A smooth, band-limited random function of space with mean 0 and variance 1: a sum of plane waves whose lengths
/// lie in a band (the spectral representation of a Gaussian random field).
/// </summary>
internal sealed class SmoothField
{
    // Most of an anatomy's time is spent here: eight waves at once. The width is fixed, so that the order of the
    // sums and with it the result does not depend on the processor.
    private readonly Waves[] _waves;
    private readonly float _amplitude;

    /// <param name="seed">Decides directions, lengths and phases.</param>
    /// <param name="shortest">Shortest wave in mm.</param>
    /// <param name="longest">Longest wave in mm.</param>
    /// <param name="waves">Their number, a multiple of 8; more come closer to a Gaussian field.</param>
    public SmoothField(SubjectSeed seed, float shortest, float longest, int waves)
    {
        var random = new RandomStream(seed);
        _waves = new Waves[waves / 8];
        _amplitude = MathF.Sqrt(2f / waves);
        Span<float> x = stackalloc float[8], y = stackalloc float[8], z = stackalloc float[8], phase = stackalloc float[8];
        for (int i = 0; i < _waves.Length; i++)
        {
            for (int lane = 0; lane < 8; lane++)
            {
                float height = random.Uniform(-1, 1), angle = random.Uniform(0, 2 * MathF.PI);
                float across = MathF.Sqrt(1 - height * height), number = 2 * MathF.PI / random.Uniform(shortest, longest);
                (x[lane], y[lane], z[lane]) = (number * across * MathF.Cos(angle), number * across * MathF.Sin(angle), number * height);
                phase[lane] = random.Uniform(0, 2 * MathF.PI);
            }

            _waves[i] = new Waves(Vector256.Create<float>(x), Vector256.Create<float>(y), Vector256.Create<float>(z), Vector256.Create<float>(phase));
        }
    }

    /// <summary>The value at a point (mm).</summary>
    public float At(Vector3 point)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        foreach (ref readonly Waves waves in _waves.AsSpan())
        {
            sum += Vector256.Cos(waves.Angles(point));
        }

        return _amplitude * Vector256.Sum(sum);
    }

    /// <summary>The value at a point and its gradient per mm.</summary>
    public float At(Vector3 point, out Vector3 gradient)
    {
        Vector256<float> sum = Vector256<float>.Zero, x = sum, y = sum, z = sum;
        foreach (ref readonly Waves waves in _waves.AsSpan())
        {
            (Vector256<float> sine, Vector256<float> cosine) = Vector256.SinCos(waves.Angles(point));
            sum += cosine;
            x -= waves.X * sine;
            y -= waves.Y * sine;
            z -= waves.Z * sine;
        }

        gradient = _amplitude * new Vector3(Vector256.Sum(x), Vector256.Sum(y), Vector256.Sum(z));
        return _amplitude * Vector256.Sum(sum);
    }

    private readonly record struct Waves(Vector256<float> X, Vector256<float> Y, Vector256<float> Z, Vector256<float> Phase)
    {
        public Vector256<float> Angles(Vector3 point) => X * point.X + Y * point.Y + Z * point.Z + Phase;
    }
}
