using Iqt.Diffusion;
using Iqt.Reversible;
using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>Super-resolves whole tensor images with a trained network, tile by tile.</summary>
public sealed class Predictor
{
    private readonly Network _network;
    private readonly Normalization _normalization;
    private readonly PatchGeometry _geometry;
    private readonly Device _device;
    private readonly ScalarType _dtype;

    /// <param name="network">Trained; stays the caller's.</param>
    /// <param name="normalization">Of its training set.</param>
    /// <param name="geometry">Of its training patches.</param>
    /// <param name="device">The network's.</param>
    /// <param name="dtype">The network's.</param>
    public Predictor(Network network, Normalization normalization, PatchGeometry geometry, Device device, ScalarType dtype = ScalarType.Float32)
    {
        _network = network;
        _normalization = normalization;
        _geometry = geometry;
        _device = device;
        _dtype = dtype;
    }

    /// <summary>Predicts the HR image.</summary>
    /// <param name="image">LR tensors in mm²/s, zero outside the brain.</param>
    /// <param name="brain">HR voxels to predict, on the grid of <paramref name="image"/> upsampled by r; the others are zero in the result.</param>
    /// <param name="tiling">How the volume is cut.</param>
    /// <param name="batchSize">Training tiles that are predicted together.</param>
    /// <param name="memory">Bytes that predicting the whole volume may take, about; a larger volume goes slab by slab.</param>
    /// <param name="progress">Gets the part done, 0 to 1.</param>
    /// <param name="cancellation">Looked at before each batch.</param>
    /// <returns>HR tensors in mm²/s on the upsampled grid of <paramref name="image"/>.</returns>
    /// <exception cref="DataException">The mask lies on another grid, or the whole volume was asked of a network that is tied to its patch size.</exception>
    /// <exception cref="NumericalException">The network gives values that are no finite numbers.</exception>
    public TensorImage Predict(
        TensorImage image,
        Mask brain,
        Tiling tiling = Tiling.Training,
        int batchSize = 12,
        long memory = SlabPlan.DefaultMemory,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        Grid grid = image.Grid.Upsampled(_geometry.Rate);
        if (brain.Grid.Size != grid.Size)
        {
            throw new DataException($"prediction: the brain mask has {brain.Grid.Size} voxels, {grid.Size} were expected for an LR image of {image.Grid.Size} upsampled by {_geometry.Rate}. Use the mask of the HR grid.");
        }

        if (tiling == Tiling.Whole && _normalization.Scope == NormalizationScope.PerVoxel)
        {
            throw new DataException("prediction: the network was trained with normalisation per voxel, which ties it to its patch size; one with normalisation per channel was expected for the whole volume. Use --tiling training.");
        }

        var result = new TensorImage(grid);
        bool whole = tiling == Tiling.Whole;
        IReadOnlyList<Tile> tiles = whole ? SlabPlan.Of(brain, _geometry, _network, memory) : TilePlan.Of(brain, _geometry);
        bool training = _network.training;
        _network.eval();
        try
        {
            using IDisposable withoutGraph = no_grad();
            for (int start = 0; start < tiles.Count; start += whole ? 1 : batchSize)
            {
                cancellation.ThrowIfCancellationRequested();
                Tile[] batch = [.. tiles.Skip(start).Take(whole ? 1 : batchSize)];
                PredictBatch(image, brain, batch, result);
                progress?.Report((start + batch.Length) / (double)tiles.Count);
            }
        }
        finally
        {
            _network.train(training);
        }

        return result;
    }

    private void PredictBatch(TensorImage image, Mask brain, Tile[] tiles, TensorImage result)
    {
        // All tiles of a batch have one size.
        Box first = tiles[0].Input, firstOutput = _geometry.OutputBox(first);
        int inputLength = TensorImage.Elements * first.Voxels, outputLength = TensorImage.Elements * firstOutput.Voxels;
        var inputs = new float[tiles.Length * inputLength];
        for (int i = 0; i < tiles.Length; i++)
        {
            Span<float> values = inputs.AsSpan(i * inputLength, inputLength);
            BoxReader.Read(image, tiles[i].Input, values);
            _normalization.Input.Apply(values);
        }

        var outputs = new float[tiles.Length * outputLength];
        using (Tensor input = HostTensor.Send(inputs, [tiles.Length, TensorImage.Elements, first.SizeZ, first.SizeY, first.SizeX], _device, _dtype))
        using (Tensor output = _network.call(input))
        {
            HostTensor.Receive(output, outputs);
        }

        for (int i = 0; i < tiles.Length; i++)
        {
            Span<float> values = outputs.AsSpan(i * outputLength, outputLength);
            _normalization.Target.Invert(values);
            Paste(values, tiles[i], brain, result);
        }
    }

    private void Paste(ReadOnlySpan<float> values, Tile tile, Mask brain, TensorImage result)
    {
        Box box = _geometry.OutputBox(tile.Input);
        GridSize size = brain.Grid.Size;
        for (int voxel = 0; voxel < box.Voxels; voxel++)
        {
            int x = box.X + voxel % box.SizeX, y = box.Y + voxel / box.SizeX % box.SizeY, z = box.Z + voxel / (box.SizeX * box.SizeY);
            if (z < tile.FirstPlane || z >= tile.EndPlane || !brain[x, y, z])
            {
                continue;
            }

            for (int element = 0; element < TensorImage.Elements; element++)
            {
                float value = values[element * box.Voxels + voxel];
                result.Values[element * size.Voxels + size.Index(x, y, z)] = float.IsFinite(value)
                    ? value
                    : throw new NumericalException($"prediction: voxel ({x}, {y}, {z}) is {value}, a finite number was expected. The weights are damaged or the input is no tensor image in mm²/s.");
            }
        }
    }
}
