using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// Interpolation of LR tensors to the HR grid, element by element: what a network has to beat. Voxel centres are
/// aligned as in downsampling: HR voxel i lies at LR coordinate (i + 1/2) / r − 1/2.
/// </summary>
public static class Interpolation
{
    /// <summary>Upsamples an LR image.</summary>
    /// <param name="image">LR tensors.</param>
    /// <param name="mask">LR voxels whose tensors are known; those around them are extended outwards first (<see cref="EdgeExtension"/>).</param>
    /// <param name="brain">HR voxels to fill; the others are zero.</param>
    /// <param name="method">Linear, cubic or B-spline. Beyond the image its outermost voxels are repeated, for the B-spline it is mirrored.</param>
    /// <exception cref="DataException">The grids don't fit each other.</exception>
    public static TensorImage Upsample(TensorImage image, Mask mask, Mask brain, InterpolationMethod method)
    {
        GridSize low = image.Grid.Size, high = brain.Grid.Size;
        int rate = low.X == 0 ? 0 : high.X / low.X;
        if (rate < 1 || high != image.Grid.Upsampled(rate).Size || mask.Grid.Size != low)
        {
            throw new DataException($"interpolation: the LR image has {low} voxels, its mask {mask.Grid.Size} and the HR mask {high}; LR sizes had to be equal and HR sizes the same whole multiple along each axis. Prepare the subject again.");
        }

        var result = new TensorImage(image.Grid.Upsampled(rate));
        (int First, float[] Weights)[] taps = [.. Enumerable.Range(0, rate).Select(phase => Taps(phase, rate, method))];
        // Coefficients of a spline continue as the prefilter took them to, else it would miss the outermost voxels.
        Func<int, int, int> beyond = method == InterpolationMethod.BSpline ? BSpline.Mirror : (place, length) => Math.Clamp(place, 0, length - 1);
        TensorImage extended = EdgeExtension.Extend(image, mask, method == InterpolationMethod.BSpline ? BSpline.Reach : EdgeExtension.Layers);
        Parallel.For(0, TensorImage.Elements, element =>
        {
            float[] known = extended.Element(element).ToArray();
            if (method == InterpolationMethod.BSpline)
            {
                BSpline.Prefilter(known, 1, low.X);
                BSpline.Prefilter(known, low.X, low.Y);
                BSpline.Prefilter(known, low.X * low.Y, low.Z);
            }

            float[] values = Along(known, (1, low.X, low.Y * low.Z), taps, beyond);
            values = Along(values, (high.X, low.Y, low.Z), taps, beyond);
            values = Along(values, (high.X * high.Y, low.Z, 1), taps, beyond);
            Span<float> target = result.Element(element);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = brain.Values[i] ? values[i] : 0;
            }
        });
        return result;
    }

    /// <summary>Upsamples one axis.</summary>
    /// <param name="values">The volume, x fastest.</param>
    /// <param name="axis">Values between neighbours, voxels along the axis, and the number of such slabs.</param>
    /// <param name="taps">For each phase the first neighbour, relative to the LR voxel, and the weights.</param>
    /// <param name="beyond">The voxel that stands for one beyond the image, from its place and the voxels along the axis.</param>
    private static float[] Along(float[] values, (int Stride, int Length, int Slabs) axis, (int First, float[] Weights)[] taps, Func<int, int, int> beyond)
    {
        (int stride, int length, int slabs) = axis;
        int rate = taps.Length;
        var result = new float[values.Length * rate];
        for (int slab = 0; slab < slabs; slab++)
        {
            for (int position = 0; position < length * rate; position++)
            {
                (int first, float[] weights) = taps[position % rate];
                Span<float> target = result.AsSpan((slab * length * rate + position) * stride, stride);
                for (int tap = 0; tap < weights.Length; tap++)
                {
                    int neighbour = beyond(position / rate + first + tap, length);
                    ReadOnlySpan<float> source = values.AsSpan((slab * length + neighbour) * stride, stride);
                    for (int i = 0; i < stride; i++)
                    {
                        target[i] += weights[tap] * source[i];
                    }
                }
            }
        }

        return result;
    }

    private static (int First, float[] Weights) Taps(int phase, int rate, InterpolationMethod method)
    {
        double offset = (phase + 0.5) / rate - 0.5;
        int below = (int)Math.Floor(offset);
        double t = offset - below;
        double[] weights = method switch
        {
            InterpolationMethod.Linear => [1 - t, t],
            InterpolationMethod.Cubic => [t * (-0.5 + t * (1 - 0.5 * t)), 1 + t * t * (-2.5 + 1.5 * t), t * (0.5 + t * (2 - 1.5 * t)), t * t * (-0.5 + 0.5 * t)],
            _ => BSpline.Weights(t),
        };
        return (method == InterpolationMethod.Linear ? below : below - 1, Array.ConvertAll(weights, weight => (float)weight));
    }
}
