using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>Inputs and targets of the linear model, in units of their standard deviation about their mean, by element.</summary>
internal sealed class RidgeExamples
{
    private readonly int _radius, _rate;
    private readonly Standardization _low, _high;

    private RidgeExamples(int radius, int rate, Standardization low, Standardization high)
    {
        _radius = radius;
        _rate = rate;
        _low = low;
        _high = high;
    }

    /// <summary>Numbers of an example's input: six for each LR voxel around the centre, and a constant.</summary>
    public int Inputs => TensorImage.Elements * Edge * Edge * Edge + 1;

    /// <summary>Numbers of an example's target: six for each HR voxel in the LR voxel.</summary>
    public int Outputs => TensorImage.Elements * _rate * _rate * _rate;

    private int Edge => 2 * _radius + 1;

    public static RidgeExamples Of(IReadOnlyList<SubjectImages> subjects, int radius) => new(
        radius,
        subjects[0].Rate,
        Statistics(subjects, subject => (subject.LowResolution, subject.LowResolutionMask)),
        Statistics(subjects, subject => (subject.HighResolution, subject.Brain)));

    /// <summary>The HR voxels in an LR voxel, in the order of targets.</summary>
    public static IEnumerable<(int X, int Y, int Z)> Block((int X, int Y, int Z) voxel, int rate) =>
        Enumerable.Range(0, rate * rate * rate).Select(i =>
            (voxel.X * rate + i % rate, voxel.Y * rate + i / rate % rate, voxel.Z * rate + i / (rate * rate)));

    /// <summary>A number of a target as diffusivity in mm²/s.</summary>
    public float Diffusivity(float value, int element) => value * _high.Deviations[element] + _high.Means[element];

    /// <summary>A subject's LR image, continued outside its mask as for interpolation.</summary>
    public TensorImage Extend(SubjectImages subject) =>
        EdgeExtension.Extend(subject.LowResolution, subject.LowResolutionMask, EdgeExtension.Layers + _radius);

    /// <summary>The inputs at some LR voxels of an extended image, one example after the other.</summary>
    public float[] ReadInputs(TensorImage extended, int[] centres)
    {
        GridSize low = extended.Grid.Size;
        var inputs = new float[centres.Length * Inputs];
        for (int i = 0; i < centres.Length; i++)
        {
            (int x, int y, int z) = low.Position(centres[i]);
            Span<float> input = inputs.AsSpan(i * Inputs, Inputs);
            BoxReader.Read(extended, Box.Cube(x - _radius, y - _radius, z - _radius, Edge), input[..^1]);
            _low.Apply(input[..^1]);
            input[^1] = 1;
        }

        return inputs;
    }

    /// <summary>The targets at some LR voxels of a subject, one example after the other.</summary>
    public float[] ReadTargets(SubjectImages subject, int[] centres)
    {
        GridSize low = subject.LowResolution.Grid.Size, high = subject.HighResolution.Grid.Size;
        var targets = new float[centres.Length * Outputs];
        for (int i = 0; i < centres.Length; i++)
        {
            int output = i * Outputs;
            foreach ((int vx, int vy, int vz) in Block(low.Position(centres[i]), _rate))
            {
                for (int element = 0; element < TensorImage.Elements; element++, output++)
                {
                    float value = subject.HighResolution.Values[element * high.Voxels + high.Index(vx, vy, vz)];
                    targets[output] = (value - _high.Means[element]) / _high.Deviations[element];
                }
            }
        }

        return targets;
    }

    private static Standardization Statistics(IReadOnlyList<SubjectImages> subjects, Func<SubjectImages, (TensorImage Image, Mask Mask)> choose)
    {
        var means = new float[TensorImage.Elements];
        var deviations = new float[TensorImage.Elements];
        for (int element = 0; element < TensorImage.Elements; element++)
        {
            double sum = 0, squares = 0, count = 0;
            foreach (SubjectImages subject in subjects)
            {
                (TensorImage image, Mask mask) = choose(subject);
                for (int i = 0; i < mask.Values.Length; i++)
                {
                    if (mask.Values[i])
                    {
                        double value = image.Values[element * mask.Values.Length + i];
                        (sum, squares, count) = (sum + value, squares + value * value, count + 1);
                    }
                }
            }

            double mean = sum / count;
            means[element] = (float)mean;
            deviations[element] = (float)Math.Max(Math.Sqrt(Math.Max(0, squares / count - mean * mean)), 1e-12);
        }

        return new Standardization(means, deviations);
    }
}
