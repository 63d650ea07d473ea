using SkiaSharp;

namespace Iqt.Diffusion;

/// <summary>What is black and what is white.</summary>
/// <param name="Black">Value shown black, in the unit of the images.</param>
/// <param name="White">Value shown white.</param>
/// <param name="Unit">Written beside the scale.</param>
public sealed record GreyScale(double Black, double White, string Unit)
{
    /// <summary>MD from 0 to 3e-3 mm²/s: free water at body temperature is white.</summary>
    public static GreyScale MeanDiffusivity { get; } = new(0, 3e-3, "mm²/s");

    /// <summary>FA from 0 to 1.</summary>
    public static GreyScale FractionalAnisotropy { get; } = new(0, 1, "");

    /// <summary>Values as greys; NaN is black.</summary>
    internal SKColor[] Shade(float[] values) => Array.ConvertAll(values, value =>
    {
        double part = (value - Black) / (White - Black);
        byte grey = double.IsNaN(part) ? (byte)0 : (byte)Math.Round(255 * Math.Clamp(part, 0, 1));
        return new SKColor(grey, grey, grey);
    });
}
