using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>Compares predictions with the truth, subject by subject.</summary>
public static class Evaluation
{
    /// <summary>RMSE is given in this part of mm²/s.</summary>
    public const double Unit = 1e-5;

    /// <summary>
    /// What a diffusivity can be, in mm²/s: the peak of PSNR and the range of SSIM. 3e-3 is that of free water at body
    /// temperature.
    /// </summary>
    public const double Range = 3e-3;

    /// <summary>The errors of one prediction.</summary>
    /// <param name="subject">For the result.</param>
    /// <param name="prediction">HR tensors in mm²/s.</param>
    /// <param name="truth">HR tensors in mm²/s.</param>
    /// <param name="regions">On the same grid.</param>
    /// <exception cref="DataException">The grids differ.</exception>
    public static SubjectError Compare(string subject, TensorImage prediction, TensorImage truth, Regions regions)
    {
        GridSize size = truth.Grid.Size;
        if (prediction.Grid.Size != size || regions.Interior.Grid.Size != size)
        {
            throw new DataException($"{subject}: the prediction has {prediction.Grid.Size} voxels and the truth {size}, as many were expected. Compare images of one subject and resolution.");
        }

        double interior = SquaredSum(prediction, truth, regions.Interior), exterior = SquaredSum(prediction, truth, regions.Exterior);
        double total = Root(interior + exterior, regions.Interior.Count + regions.Exterior.Count);
        Mask brain = regions.Brain;
        (Volume predicted, Volume known) = (TensorMaps.MeanDiffusivity(prediction), TensorMaps.MeanDiffusivity(truth));
        return new SubjectError(
            subject,
            Root(interior, regions.Interior.Count),
            Root(exterior, regions.Exterior.Count),
            total,
            MapError(predicted, known, brain) / Unit,
            MapError(TensorMaps.FractionalAnisotropy(prediction), TensorMaps.FractionalAnisotropy(truth), brain),
            20 * Math.Log10(Range / (total * Unit)),
            StructuralSimilarity.Mean(predicted, known, brain, Range),
            regions.Interior.Count,
            brain.Count,
            Root(SquaredSum(prediction, truth, regions.Covered), regions.Covered.Count),
            regions.Covered.Count);
    }

    /// <summary>The errors of any prediction of a subject.</summary>
    /// <param name="prediction">HR tensors in mm²/s.</param>
    /// <param name="subject">LR mask and HR truth.</param>
    /// <param name="patchSize">Of the network it is compared with, for the same regions.</param>
    /// <exception cref="DataException">The grids differ.</exception>
    public static SubjectError Of(TensorImage prediction, SubjectImages subject, int patchSize) =>
        Compare(subject.Id, prediction, subject.HighResolution, Regions.Of(subject.Brain, subject.LowResolutionMask, patchSize));

    /// <summary>RMSE over the six elements and the whole brain in 1e-5 mm²/s.</summary>
    internal static double TotalError(TensorImage prediction, SubjectImages subject) =>
        Root(SquaredSum(prediction, subject.HighResolution, subject.Brain), subject.Brain.Count);

    /// <summary>The errors of a trained model on one subject (<c>iqt evaluate</c>).</summary>
    /// <param name="model">Trained without this subject, or the figures mean nothing.</param>
    /// <param name="subject">LR input and HR truth.</param>
    /// <param name="tiling">How the volume is cut.</param>
    /// <param name="cancellation">Looked at before each batch.</param>
    /// <exception cref="DataException">The images don't fit the model.</exception>
    public static SubjectError Of(TrainedModel model, SubjectImages subject, Tiling tiling = Tiling.Training, CancellationToken cancellation = default)
    {
        TensorImage prediction = model.Predict(subject.LowResolution, subject.Brain, tiling, cancellation: cancellation);
        return Of(prediction, subject, model.Geometry.InputSize);
    }

    /// <summary>The errors of interpolation on one subject.</summary>
    /// <param name="method">Linear, cubic or B-spline.</param>
    /// <param name="subject">LR input and HR truth.</param>
    /// <param name="patchSize">Of the network it is compared with, for the same regions.</param>
    public static SubjectError Of(InterpolationMethod method, SubjectImages subject, int patchSize = 11)
    {
        TensorImage prediction = Interpolation.Upsample(subject.LowResolution, subject.LowResolutionMask, subject.Brain, method);
        return Of(prediction, subject, patchSize);
    }

    private static double SquaredSum(TensorImage prediction, TensorImage truth, Mask region)
    {
        double sum = 0;
        int voxels = region.Values.Length;
        for (int i = 0; i < truth.Values.Length; i++)
        {
            if (region.Values[i % voxels])
            {
                double difference = (double)prediction.Values[i] - truth.Values[i];
                sum += difference * difference;
            }
        }

        return sum;
    }

    private static double MapError(Volume prediction, Volume truth, Mask brain)
    {
        double sum = 0;
        for (int i = 0; i < truth.Values.Length; i++)
        {
            double difference = brain.Values[i] ? (double)prediction.Values[i] - truth.Values[i] : 0;
            sum += difference * difference;
        }

        return brain.Count == 0 ? double.NaN : Math.Sqrt(sum / brain.Count);
    }

    private static double Root(double sum, int voxels) =>
        voxels == 0 ? double.NaN : Math.Sqrt(sum / (TensorImage.Elements * (double)voxels)) / Unit;
}
