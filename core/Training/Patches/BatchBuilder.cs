using Iqt.Diffusion;
using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>
/// Cuts patches out of images, normalises them and hands them over as tensors. With <see cref="HostTensor"/> the
/// only place of the training path that makes tensors.
/// </summary>
public sealed class BatchBuilder
{
    private readonly IReadOnlyList<SubjectImages> _subjects;
    private readonly Normalization _normalization;
    private readonly LossRegion _region;
    private readonly Device _device;
    private readonly ScalarType _dtype;
    private float[] _input = [];
    private float[] _target = [];
    private float[] _brain = [];
    private bool[] _inside = [];

    /// <param name="subjects">What the references count.</param>
    /// <param name="geometry">Of the network.</param>
    /// <param name="normalization">Of the training set.</param>
    /// <param name="region">Whether batches say which voxels are brain.</param>
    /// <param name="device">The network's.</param>
    /// <param name="dtype">The network's.</param>
    public BatchBuilder(
        IReadOnlyList<SubjectImages> subjects,
        PatchGeometry geometry,
        Normalization normalization,
        LossRegion region,
        Device device,
        ScalarType dtype = ScalarType.Float32)
    {
        _subjects = subjects;
        Geometry = geometry;
        _normalization = normalization;
        _region = region;
        _device = device;
        _dtype = dtype;
    }

    /// <summary>Of the network.</summary>
    public PatchGeometry Geometry { get; }

    /// <summary>The tensors of some patches; the caller disposes the batch.</summary>
    public PatchBatch Build(ReadOnlySpan<PatchReference> patches)
    {
        int n = Geometry.InputSize, m = Geometry.OutputSize;
        int inputLength = TensorImage.Elements * n * n * n, targetLength = TensorImage.Elements * m * m * m, voxels = m * m * m;
        Reserve(patches.Length, inputLength, targetLength, voxels);
        for (int i = 0; i < patches.Length; i++)
        {
            (int subject, int x, int y, int z) = patches[i];
            SubjectImages images = _subjects[subject];
            Box input = Geometry.InputBox(x, y, z);
            Box output = Geometry.OutputBox(input);
            Span<float> inputValues = _input.AsSpan(i * inputLength, inputLength), targetValues = _target.AsSpan(i * targetLength, targetLength);
            BoxReader.Read(images.LowResolution, input, inputValues);
            _normalization.Input.Apply(inputValues);
            BoxReader.Read(images.HighResolution, output, targetValues);
            _normalization.Target.Apply(targetValues);
            if (_region == LossRegion.BrainVoxels)
            {
                BoxReader.Read(images.Brain, output, _inside);
                for (int voxel = 0; voxel < voxels; voxel++)
                {
                    _brain[i * voxels + voxel] = _inside[voxel] ? 1 : 0;
                }
            }
        }

        var tensors = new List<Tensor>();
        try
        {
            tensors.Add(HostTensor.Send(_input.AsSpan(0, patches.Length * inputLength), [patches.Length, TensorImage.Elements, n, n, n], _device, _dtype));
            tensors.Add(HostTensor.Send(_target.AsSpan(0, patches.Length * targetLength), [patches.Length, TensorImage.Elements, m, m, m], _device, _dtype));
            if (_region == LossRegion.BrainVoxels)
            {
                tensors.Add(HostTensor.Send(_brain.AsSpan(0, patches.Length * voxels), [patches.Length, 1, m, m, m], _device, _dtype));
            }

            return new PatchBatch(tensors[0], tensors[1], tensors.ElementAtOrDefault(2));
        }
        catch
        {
            // The device's memory may end between two of them.
            tensors.ForEach(tensor => tensor.Dispose());
            throw;
        }
    }

    private void Reserve(int patches, int inputLength, int targetLength, int voxels)
    {
        if (_input.Length < patches * inputLength)
        {
            _input = new float[patches * inputLength];
            _target = new float[patches * targetLength];
            _brain = new float[patches * voxels];
            _inside = new bool[voxels];
        }
    }
}
