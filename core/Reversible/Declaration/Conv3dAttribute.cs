namespace Iqt.Reversible;

/// <summary>A 3D convolution with stride 1 and zero padding.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class Conv3dAttribute : Attribute
{
    /// <summary>As many output channels as input channels.</summary>
    public Conv3dAttribute()
    {
    }

    /// <param name="channels">Output channels, at least 1.</param>
    public Conv3dAttribute(int channels)
    {
        Channels = channels;
    }

    /// <param name="channels">Name of the hyperparameter that gives the output channels.</param>
    public Conv3dAttribute(string channels)
    {
        Channels = channels;
    }

    /// <summary>Output channels, the name of the hyperparameter that gives them, or null for those of the input.</summary>
    public object? Channels { get; }

    /// <summary>Edge length of the kernel in voxels: a number, or the name of a hyperparameter.</summary>
    public object Kernel { get; set; } = 1;

    /// <summary>Zeros added at each side, in voxels: a number, or the name of a hyperparameter.</summary>
    public object Padding { get; set; } = 0;

    /// <summary>Whether a bias is added to each output channel.</summary>
    public bool Bias { get; set; } = true;
}
