namespace Iqt.Training;

/// <summary>
/// Brings values to mean 0 and variance 1: (value − mean) / deviation, with numbers of their own for every channel
/// or for every voxel position and channel.
/// </summary>
public sealed class Standardization : IEquatable<Standardization>
{
    /// <param name="means">In the order of a patch's values: [channels] or [channels, positions]; mm²/s.</param>
    /// <param name="deviations">As many, positive and finite; mm²/s.</param>
    /// <exception cref="ArgumentException">Unequal lengths, or numbers that can't normalise.</exception>
    public Standardization(float[] means, float[] deviations)
    {
        if (means.Length != deviations.Length || means.Length == 0)
        {
            throw new ArgumentException($"As many means as deviations are expected; there are {means.Length} and {deviations.Length}.");
        }

        if (!means.All(float.IsFinite) || !deviations.All(value => float.IsFinite(value) && value > 0))
        {
            throw new ArgumentException("Means must be finite and deviations finite and positive.");
        }

        Means = means;
        Deviations = deviations;
    }

    /// <summary>mm²/s.</summary>
    public float[] Means { get; }

    /// <summary>mm²/s.</summary>
    public float[] Deviations { get; }

    /// <summary>Whether all numbers are the same.</summary>
    public bool Equals(Standardization? other) =>
        other is not null && Means.AsSpan().SequenceEqual(other.Means) && Deviations.AsSpan().SequenceEqual(other.Deviations);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Standardization);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Means.Length, Means[0], Deviations[0]);

    /// <summary>Normalises a patch in place.</summary>
    /// <param name="patch">Channel after channel; a whole multiple of the number of means.</param>
    public void Apply(Span<float> patch)
    {
        int run = RunLength(patch.Length);
        for (int i = 0, start = 0; i < Means.Length; i++, start += run)
        {
            float mean = Means[i], deviation = Deviations[i];
            foreach (ref float value in patch.Slice(start, run))
            {
                value = (value - mean) / deviation;
            }
        }
    }

    /// <summary>Takes the normalisation of a patch back, in place.</summary>
    /// <param name="patch">Channel after channel; a whole multiple of the number of means.</param>
    public void Invert(Span<float> patch)
    {
        int run = RunLength(patch.Length);
        for (int i = 0, start = 0; i < Means.Length; i++, start += run)
        {
            float mean = Means[i], deviation = Deviations[i];
            foreach (ref float value in patch.Slice(start, run))
            {
                value = value * deviation + mean;
            }
        }
    }

    /// <summary>Values that share a mean: all voxels of a channel, or one.</summary>
    private int RunLength(int values) => values % Means.Length == 0
        ? values / Means.Length
        : throw new ArgumentException($"A patch of {values} values can't be normalised by {Means.Length} means: the patch size differs from the training's.");
}
