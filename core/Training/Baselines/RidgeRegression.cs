using Iqt.Diffusion;
using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>
/// Linear Image Quality Transfer (Alexander et al. 2014 and 2017): the r³ HR tensors of an LR voxel as a linear function
/// of the LR tensors around it, by least squares with a ridge penalty that is chosen on validation subjects.
/// </summary>
public sealed class RidgeRegression
{
    /// <summary>Tried penalties, as parts of the inputs' variance summed over the examples.</summary>
    private static readonly double[] Penalties = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1];

    // Inputs of this many examples are held at once, 751 numbers each.
    private const int VoxelsPerProduct = 4096;

    private readonly RidgeExamples _examples;
    private readonly float[] _weights;

    private RidgeRegression(RidgeExamples examples, float[] weights, double penalty)
    {
        _examples = examples;
        _weights = weights;
        Penalty = penalty;
    }

    /// <summary>The chosen penalty, as a part of the inputs' variance.</summary>
    public double Penalty { get; }

    /// <summary>Fits the weights on training subjects and chooses the penalty on validation subjects.</summary>
    /// <param name="training">All of them are used, <paramref name="voxels"/> LR voxels of each.</param>
    /// <param name="validation">The penalty with the least total RMSE on them is taken; the middle one if there are none.</param>
    /// <param name="radius">LR voxels around the centre along each axis; 2 is a patch of 5³.</param>
    /// <param name="voxels">Most examples of a subject, from its LR mask.</param>
    /// <param name="cancellation">Looked at before each subject.</param>
    /// <exception cref="DataException">No training subjects.</exception>
    public static RidgeRegression Fit(
        IReadOnlyList<SubjectImages> training,
        IReadOnlyList<SubjectImages> validation,
        int radius = 2,
        int voxels = 2000,
        CancellationToken cancellation = default)
    {
        if (training.Count == 0)
        {
            throw new DataException("Ridge regression has no training subjects, at least one was expected. Name a run that trained on subjects of this data set.");
        }

        var examples = RidgeExamples.Of(training, radius);
        using DisposeScope temporaries = NewDisposeScope();
        Tensor? normal = null, product = null;
        double count = 0;
        foreach (SubjectImages subject in training)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] centres = [.. Enumerable.Range(0, subject.LowResolutionMask.Values.Length).Where(i => subject.LowResolutionMask.Values[i])];
            SeededRandom.For(0, "ridge " + subject.Id).Shuffle<int>(centres);
            int[] chosen = [.. centres.Take(voxels)];
            using DisposeScope ofSubject = NewDisposeScope();
            Tensor x = HostTensor.Send(examples.ReadInputs(examples.Extend(subject), chosen), [chosen.Length, examples.Inputs], CPU, ScalarType.Float64);
            Tensor y = HostTensor.Send(examples.ReadTargets(subject, chosen), [chosen.Length, examples.Outputs], CPU, ScalarType.Float64);
            normal = Add(normal, x.t().mm(x));
            product = Add(product, x.t().mm(y));
            count += chosen.Length;
        }

        return Penalties
            .Select(penalty => new RidgeRegression(examples, Solve(normal!, product!, penalty * count), penalty))
            .MinBy(candidate => candidate.Loss(validation, cancellation))!;
    }

    /// <summary>Predicts the HR tensors of a subject; zero outside its brain.</summary>
    public TensorImage Predict(SubjectImages subject)
    {
        GridSize low = subject.LowResolution.Grid.Size, high = subject.Brain.Grid.Size;
        var result = new TensorImage(subject.LowResolution.Grid.Upsampled(subject.Rate));
        int[] centres = [.. Enumerable.Range(0, low.Voxels).Where(i => RidgeExamples.Block(low.Position(i), subject.Rate).Any(v => subject.Brain[v.X, v.Y, v.Z]))];
        using DisposeScope temporaries = NewDisposeScope();
        Tensor weights = HostTensor.Send(_weights, [_examples.Inputs, _examples.Outputs], CPU, ScalarType.Float32);
        TensorImage extended = _examples.Extend(subject);
        foreach (int[] part in centres.Chunk(VoxelsPerProduct))
        {
            using DisposeScope ofPart = NewDisposeScope();
            Tensor x = HostTensor.Send(_examples.ReadInputs(extended, part), [part.Length, _examples.Inputs], CPU, ScalarType.Float32);
            var values = new float[part.Length * _examples.Outputs];
            HostTensor.Receive(x.mm(weights), values);
            for (int i = 0; i < part.Length; i++)
            {
                int output = i * _examples.Outputs;
                foreach ((int vx, int vy, int vz) in RidgeExamples.Block(low.Position(part[i]), subject.Rate))
                {
                    for (int element = 0; element < TensorImage.Elements; element++, output++)
                    {
                        if (subject.Brain[vx, vy, vz])
                        {
                            result.Values[element * high.Voxels + high.Index(vx, vy, vz)] = _examples.Diffusivity(values[output], element);
                        }
                    }
                }
            }
        }

        return result;
    }

    private static Tensor Add(Tensor? sum, Tensor term) => sum is null ? term.MoveToOuterDisposeScope() : sum.add_(term);

    // Inputs and targets have mean 0 but for the constant, which stands last and is not penalised.
    private static float[] Solve(Tensor normal, Tensor product, double penalty)
    {
        using DisposeScope temporaries = NewDisposeScope();
        Tensor system = normal.clone();
        Tensor diagonal = system.diagonal();
        using (Scalar amount = penalty.ToScalar())
        {
            diagonal.narrow(0, 0, diagonal.shape[0] - 1).add_(amount);
        }

        Tensor solution = linalg.solve(system, product);
        var weights = new float[solution.numel()];
        HostTensor.Receive(solution, weights);
        return weights;
    }

    private double Loss(IReadOnlyList<SubjectImages> validation, CancellationToken cancellation)
    {
        if (validation.Count == 0)
        {
            return Math.Abs(Math.Log10(Penalty) + 3);
        }

        cancellation.ThrowIfCancellationRequested();
        return validation.Average(subject => Evaluation.TotalError(Predict(subject), subject));
    }
}
