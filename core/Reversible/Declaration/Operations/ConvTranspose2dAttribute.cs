namespace Iqt.Reversible;

/// <summary>A transposed 2D convolution, the adjoint of the convolution with the same numbers in its shape: upsamples by its stride.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class ConvTranspose2dAttribute : ConvolutionAttribute
{
    /// <summary>As many output channels as input channels.</summary>
    public ConvTranspose2dAttribute() : base(null)
    {
    }

    /// <param name="channels">Output channels, at least 1.</param>
    public ConvTranspose2dAttribute(int channels) : base(channels)
    {
    }

    /// <param name="channels">Name of the hyperparameter that gives the output channels.</param>
    public ConvTranspose2dAttribute(string channels) : base(channels)
    {
    }

    /// <summary>Voxels by which the output is longer at its far end, less than the stride or the dilation: a number, or the name of a hyperparameter.</summary>
    public object OutputPadding { get; set; } = 0;
}
