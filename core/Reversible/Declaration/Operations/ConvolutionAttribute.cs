namespace Iqt.Reversible;

/// <summary>What all convolutions are declared with. Numbers may be given by a hyperparameter: <c>Kernel = nameof(Edge)</c>.</summary>
public abstract class ConvolutionAttribute : Attribute
{
    private protected ConvolutionAttribute(object? channels)
    {
        Channels = channels;
    }

    /// <summary>Output channels, the name of the hyperparameter that gives them, or null for those of the input.</summary>
    public object? Channels { get; }

    /// <summary>Edge length of the kernel in voxels, 1 if not given: a number, or the name of a hyperparameter.</summary>
    public object Kernel { get; set; } = 1;

    /// <summary>Voxels from one place of the kernel to the next: a number, or the name of a hyperparameter.</summary>
    public object Stride { get; set; } = 1;

    /// <summary>Voxels added at each side (of a transposed convolution: taken away): a number, or the name of a hyperparameter.</summary>
    public object Padding { get; set; } = 0;

    /// <summary>Voxels from one number of the kernel to the next: a number, or the name of a hyperparameter.</summary>
    public object Dilation { get; set; } = 1;

    /// <summary>Groups of channels that don't see each other: a number, or the name of a hyperparameter.</summary>
    public object Groups { get; set; } = 1;

    /// <summary>Whether a bias is added to each output channel.</summary>
    public bool Bias { get; set; } = true;
}
