using SkiaSharp;

namespace Iqt.Diffusion;

/// <summary>An image in a montage.</summary>
/// <param name="Label">Stands above it.</param>
/// <param name="Volume">What is shown.</param>
public sealed record Panel(string Label, Volume Volume);

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
}

/// <summary>Axial slices side by side on one grey scale, as PNG.</summary>
public static class SliceMontage
{
    private const int Gap = 12;
    private const int TextHeight = 34;
    private const int FontSize = 18;

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
        int width = Gap + panels.Count * (slice.Width + Gap);
        int height = TextHeight + slice.Height + TextHeight;
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        SKCanvas canvas = surface.Canvas;
        canvas.Clear(SKColors.Black);
        SKTypeface? font = FindFont();
        for (int i = 0; i < panels.Count; i++)
        {
            int left = Gap + i * (slice.Width + Gap);
            using SKBitmap bitmap = Shade(slice, slice.Sample(panels[i].Volume), scale);
            canvas.DrawBitmap(bitmap, left, TextHeight);
            Text(canvas, font, panels[i].Label, left + slice.Width / 2f, TextHeight - 11, SKTextAlign.Center);
            Text(canvas, font, $"{slice.LeftEdge}", left + 6, TextHeight + slice.Height / 2f, SKTextAlign.Left);
            Text(canvas, font, $"{slice.RightEdge}", left + slice.Width - 6, TextHeight + slice.Height / 2f, SKTextAlign.Right);
            Text(canvas, font, "A", left + slice.Width / 2f, TextHeight + 20, SKTextAlign.Center);
            Text(canvas, font, "P", left + slice.Width / 2f, TextHeight + slice.Height - 6, SKTextAlign.Center);
        }

        DrawScale(canvas, font, scale, TextHeight + slice.Height + 8);
        using SKImage image = surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static SKBitmap Shade(AxialSlice slice, float[] values, GreyScale scale)
    {
        var bitmap = new SKBitmap(slice.Width, slice.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Pixels = Array.ConvertAll(values, value =>
        {
            double part = (value - scale.Black) / (scale.White - scale.Black);
            byte grey = double.IsNaN(part) ? (byte)0 : (byte)Math.Round(255 * Math.Clamp(part, 0, 1));
            return new SKColor(grey, grey, grey);
        });
        return bitmap;
    }

    private static void DrawScale(SKCanvas canvas, SKTypeface? font, GreyScale scale, float top)
    {
        const int Length = 128;
        const float Left = Gap + 40;
        for (int i = 0; i < Length; i++)
        {
            byte grey = (byte)(255 * i / (Length - 1));
            using var paint = new SKPaint { Color = new SKColor(grey, grey, grey) };
            canvas.DrawRect(Left + i, top, 1, FontSize, paint);
        }

        Text(canvas, font, $"{scale.Black:G3}", Left - 6, top + 16, SKTextAlign.Right);
        Text(canvas, font, $"{scale.White:G3} {scale.Unit}", Left + Length + 6, top + 16, SKTextAlign.Left);
    }

    private static void Text(SKCanvas canvas, SKTypeface? font, string text, float x, float y, SKTextAlign align)
    {
        if (font is null)
        {
            return;
        }

        using var paint = new SKPaint { Color = SKColors.White, IsAntialias = true, Typeface = font, TextSize = FontSize, TextAlign = align };
        canvas.DrawText(text, x, y, paint);
    }

    private static SKTypeface? FindFont()
    {
        // Without fonts on the system Skia hands out a typeface that has no glyphs and draws nothing.
        SKTypeface typeface = SKFontManager.Default.FontFamilies.Contains("DejaVu Sans")
            ? SKTypeface.FromFamilyName("DejaVu Sans")
            : SKTypeface.Default;
        return typeface.GlyphCount > 0 ? typeface : null;
    }
}
