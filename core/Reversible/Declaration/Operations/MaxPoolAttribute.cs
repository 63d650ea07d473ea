namespace Iqt.Reversible;

/// <summary>The largest value of each window of <paramref name="kernel"/> voxels along every edge.</summary>
/// <param name="kernel">Edge of the window, at least 1.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class MaxPoolAttribute(int kernel) : Attribute
{
    /// <summary>Edge of the window in voxels.</summary>
    public int Kernel { get; } = kernel;

    /// <summary>Voxels from one window to the next; 0 for the window's edge.</summary>
    public int Stride { get; set; }

    /// <summary>Voxels added at each side, at most half of the window.</summary>
    public int Padding { get; set; }
}
