namespace Iqt.Diffusion.Phantom;

/// <summary>
/// One simulated subject: an anatomy of its own, seen through the HCP b=1000 scheme. The same seed and number give
/// the same subject, on any number of threads and however many subjects are made.
/// </summary>
public sealed class PhantomSubject
{
    /// <summary>Signal of white matter at b=0 over the standard deviation of the noise.</summary>
    public const double DefaultSnr = 25;

    private readonly PhantomGeometry _geometry;
    private readonly CompartmentImage _image;
    private readonly SubjectSeed _seed;
    private readonly int _threads;

    private PhantomSubject(int index, PhantomGeometry geometry, SubjectSeed seed, CompartmentImage image, int threads)
    {
        Index = index;
        _geometry = geometry;
        _seed = seed;
        _image = image;
        _threads = threads;
        Mask = MaskOf(geometry, image);
    }

    /// <summary>The subject's number, from 1.</summary>
    public int Index { get; }

    /// <summary>Where the voxels lie.</summary>
    public Grid Grid => _geometry.Grid;

    /// <summary>The brain with its fluid: voxels at least half inside the head.</summary>
    public Mask Mask { get; }

    /// <summary>b-values and directions of the series.</summary>
    public static GradientTable Gradients => HcpScheme.Table;

    /// <summary>Makes a subject's anatomy, by far the longest part of a simulation.</summary>
    /// <param name="scale">Size and sampling.</param>
    /// <param name="seed">Of the data set.</param>
    /// <param name="index">The subject's number, from 1.</param>
    /// <param name="threads">At most so many; −1 for one per core.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static PhantomSubject Create(PhantomScale scale, ulong seed, int index, int threads = -1, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(index, 1);
        PhantomGeometry geometry = PhantomGeometry.Of(scale);
        SubjectSeed subject = SubjectSeed.Of(seed, index);
        var frame = new AnatomyFrame(subject, geometry.BrainSize);
        var anatomy = new HeadAnatomy(frame);
        var fibres = new FibreArchitecture(frame, anatomy);
        var diffusion = new TissueDiffusion(frame);
        var slices = new CompartmentSlice[geometry.Grid.Size.Z];
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = threads };
        Parallel.For(0, slices.Length, parallel, z =>
            slices[z] = CompartmentSlice.Sample(geometry, anatomy, new VoxelTally(fibres, diffusion), z));
        return new PhantomSubject(index, geometry, subject, new CompartmentImage(slices), threads);
    }

    /// <summary>The measured series, with Rician noise.</summary>
    /// <param name="snr">See <see cref="DefaultSnr"/>.</param>
    /// <param name="bias">Strength of a smooth factor on the signal, as the standard deviation of its logarithm; 0 for none.</param>
    public PhantomDwi Simulate(double snr = DefaultSnr, double bias = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bias);
        if (!(snr > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(snr), snr, "a signal-to-noise ratio above 0 was expected");
        }

        var noise = new RicianNoise(_seed.For("noise").Value, SignalModel.WhiteMatterSignal / snr);
        float[]? gains = bias == 0 ? null : BiasField.Gains(_seed, _geometry, _image.Voxels, bias);
        return new PhantomDwi($"phantom {Index}", Grid, _image, noise, gains, _threads);
    }

    /// <summary>The series that a scanner without noise would measure.</summary>
    public PhantomDwi SimulateWithoutNoise() => new($"phantom {Index} without noise", Grid, _image, null, null, _threads);

    /// <summary>
    /// The ground truth: tensors fitted (ordinary least squares) to the series without noise. Voxels hold several
    /// compartments, so no tensor describes them exactly; this is the one that a perfect measurement gives.
    /// </summary>
    public TensorImage TrueTensors(CancellationToken cancellation = default) =>
        TensorFit.Fit(SimulateWithoutNoise(), Gradients, Mask, new FitOptions { Reweightings = 0 }, cancellation: cancellation).Tensors;

    /// <summary>The share of each voxel that a tissue takes; over all tissues the shares sum to 1.</summary>
    public Volume Fraction(Tissue tissue)
    {
        var fractions = new Volume(Grid);
        Array.Fill(fractions.Values, tissue == Tissue.Outside ? 1 : 0);
        float samples = Cube(_geometry.Subvoxels);
        for (int i = 0; i < _image.Voxels.Length; i++)
        {
            fractions.Values[_image.Voxels[i]] = _image.SampleCounts[VoxelTally.Tissues * i + (int)tissue] / samples;
        }

        return fractions;
    }

    private static Mask MaskOf(PhantomGeometry geometry, CompartmentImage image)
    {
        var inside = new bool[geometry.Grid.Size.Voxels];
        int samples = Cube(geometry.Subvoxels);
        for (int i = 0; i < image.Voxels.Length; i++)
        {
            inside[image.Voxels[i]] = 2 * image.SampleCounts[VoxelTally.Tissues * i + (int)Tissue.Outside] <= samples;
        }

        return new Mask(geometry.Grid, inside);
    }

    private static int Cube(int edge) => edge * edge * edge;
}
