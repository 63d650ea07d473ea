using SkiaSharp;

namespace Iqt.Diffusion;

/// <summary>An image in a montage.</summary>
/// <param name="Label">Stands above it.</param>
/// <param name="Volume">What is shown.</param>
public sealed record Panel(string Label, Volume Volume);

/// <summary>One axial slice of several images side by side on one grey scale, as PNG.</summary>
public static class SliceMontage
{
    /// <summary>Writes a PNG; the file appears complete or not at all.</summary>
    /// <exception cref="DataException">Can't be written.</exception>
    public static void Write(string path, IReadOnlyList<Panel> panels, AxialSlice slice, GreyScale scale) =>
        AtomicFile.Write(path, stream => stream.Write(Render(panels, slice, scale)));

    /// <summary>The bytes of a PNG. Where the system has no font, texts and side marks are left out.</summary>
    /// <param name="panels">From left to right; of any resolution.</param>
    /// <param name="slice">The plane shown of each.</param>
    /// <param name="scale">One for all.</param>
    public static byte[] Render(IReadOnlyList<Panel> panels, AxialSlice slice, GreyScale scale)
    {
        ArgumentOutOfRangeException.ThrowIfZero(panels.Count, nameof(panels));
        int width = Canvas.WidthOf(slice), height = Canvas.HeightOf(slice);
        using var canvas = new Canvas(
            Math.Max(Canvas.Gap + panels.Count * (width + Canvas.Gap), Canvas.WidthOf(scale)),
            Canvas.TextHeight + height + Canvas.TextHeight);
        for (int i = 0; i < panels.Count; i++)
        {
            int left = Canvas.Gap + i * (width + Canvas.Gap);
            canvas.Slice(slice, scale.Shade(slice.Sample(panels[i].Volume)), left, Canvas.TextHeight);
            canvas.Text(panels[i].Label, left + width / 2f, Canvas.TextHeight - 11, SKTextAlign.Center);
        }

        canvas.Scale(scale, Canvas.TextHeight + height + 8);
        return canvas.Encode();
    }
}
