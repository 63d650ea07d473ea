namespace Iqt.Reversible;

/// <summary>A 2D convolution.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class Conv2dAttribute : ConvolutionAttribute
{
    /// <summary>As many output channels as input channels.</summary>
    public Conv2dAttribute() : base(null)
    {
    }

    /// <param name="channels">Output channels, at least 1.</param>
    public Conv2dAttribute(int channels) : base(channels)
    {
    }

    /// <param name="channels">Name of the hyperparameter that gives the output channels.</param>
    public Conv2dAttribute(string channels) : base(channels)
    {
    }

    /// <summary>What stands in the padding.</summary>
    public PaddingMode PaddingMode { get; set; }
}
