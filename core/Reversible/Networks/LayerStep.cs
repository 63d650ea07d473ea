namespace Iqt.Reversible;

/// <summary>One step of a chain of layers as generated code runs it: what a prediction of memory and the receptive field have to know.</summary>
/// <param name="Form">How it is differentiated.</param>
/// <param name="InputChannels">Channels that come in.</param>
/// <param name="OutputChannels">Channels that go out.</param>
/// <param name="Size">How it changes an edge; null if it does not.</param>
public sealed record LayerStep(LayerForm Form, int InputChannels, int OutputChannels, SpatialStep? Size = null)
{
    /// <summary>Edge of a convolution's kernel; 0 without one.</summary>
    public int Kernel { get; init; }

    /// <summary>
    /// Edge of the window of input voxels, around an output voxel's own place, that it reads in evaluation mode; null where
    /// that may be all of them (a normalisation of the image), or where nobody says (a module of a user's own).
    /// </summary>
    public int? Window { get; init; } = Form is LayerForm.Graph or LayerForm.Convolution ? null : (int)(Size?.Divisor ?? 1);

    /// <summary>Whether a tape that keeps activations keeps its output.</summary>
    public bool IsKept { get; init; }

    /// <summary>Whether it overwrites its input in a run without a graph.</summary>
    public bool IsInPlace { get; init; }

    /// <summary>Whether what goes out lies in channels-first order, whatever came in (libtorch 2.10 on the CPU).</summary>
    public bool LeavesChannelsFirst { get; init; }

    /// <summary>Whether it has parameters.</summary>
    public bool HasParameters { get; init; }

    /// <summary>Of a layer that autograd differentiates: which of its own tensors is kept for that.</summary>
    public SavedTensor Saves { get; init; }

    /// <summary>Tensors of the output's size that autograd keeps besides, in one graph.</summary>
    public int KeptByGraph { get; init; }

    /// <summary>Tensors of the output's size that are alive within it, beyond those, while it alone is run and differentiated.</summary>
    public int Temporaries { get; init; }

    /// <summary>The same within one graph; <see cref="Temporaries"/> if null.</summary>
    public int? TemporariesInOneGraph { get; init; }

    /// <summary>Of the rectifier that it is, or that follows the normalisation: the slope for negative numbers; null without one.</summary>
    public double? Slope { get; init; }
}
