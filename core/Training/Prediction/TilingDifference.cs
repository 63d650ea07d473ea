using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>How far two predictions of one image are apart, in 1e-5 mm²/s over the six elements of brain voxels.</summary>
/// <param name="RootMeanSquare">Over all voxels.</param>
/// <param name="Largest">Of any voxel and element.</param>
public sealed record TilingDifference(double RootMeanSquare, double Largest)
{
    /// <summary>Compares predictions.</summary>
    public static TilingDifference Of(TensorImage first, TensorImage second, Mask brain)
    {
        double sum = 0, largest = 0;
        for (int i = 0; i < first.Values.Length; i++)
        {
            if (brain.Values[i % brain.Values.Length])
            {
                double difference = Math.Abs((double)first.Values[i] - second.Values[i]);
                sum += difference * difference;
                largest = Math.Max(largest, difference);
            }
        }

        double count = TensorImage.Elements * (double)brain.Count;
        return new TilingDifference(Math.Sqrt(sum / count) / Evaluation.Unit, largest / Evaluation.Unit);
    }
}
