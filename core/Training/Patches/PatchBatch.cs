using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>The normalised patches of one step, on the network's device; dispose it.</summary>
public sealed class PatchBatch : IDisposable
{
    internal PatchBatch(Tensor input, Tensor target, Tensor? brain)
    {
        Input = input;
        Target = target;
        Brain = brain;
    }

    /// <summary>LR patches [batch, 6, n, n, n].</summary>
    public Tensor Input { get; }

    /// <summary>HR patches [batch, 6, m, m, m]; the last axis is x.</summary>
    public Tensor Target { get; }

    /// <summary>1 in brain voxels, 0 elsewhere, [batch, 1, m, m, m]; null where every voxel counts.</summary>
    public Tensor? Brain { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Input.Dispose();
        Target.Dispose();
        Brain?.Dispose();
    }
}
