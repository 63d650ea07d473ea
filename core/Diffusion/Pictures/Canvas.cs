using SkiaSharp;

namespace Iqt.Diffusion;

/// <summary>A black picture that slices, texts and scales are drawn on. Where the system has no font, texts are left out.</summary>
internal sealed class Canvas : IDisposable
{
    public const int Gap = 12;
    public const int TextHeight = 34;
    public const int FontSize = 18;

    // Room for a letter at each side of a slice: on it, it would hide what is there.
    private const int Mark = 22;
    private const int ScaleLeft = Gap + 40, ScaleLength = 128;

    private readonly SKSurface _surface;
    private readonly SKTypeface? _font = FindFont();

    public Canvas(int width, int height)
    {
        _surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        _surface.Canvas.Clear(SKColors.Black);
    }

    /// <summary>Pixels across a slice with the marks of its sides.</summary>
    public static int WidthOf(AxialSlice slice) => slice.Width + 2 * Mark;

    /// <summary>Pixels along a slice with the marks of its sides.</summary>
    public static int HeightOf(AxialSlice slice) => slice.Height + 2 * Mark;

    /// <summary>Pixels that a scale needs from the left edge.</summary>
    public static int WidthOf(GreyScale scale)
    {
        using var paint = new SKPaint { Typeface = FindFont(), TextSize = FontSize };
        return ScaleLeft + ScaleLength + (int)Math.Ceiling(paint.MeasureText(Upper(scale))) + 2 * Gap;
    }

    /// <summary>Draws a slice and marks its sides around it.</summary>
    /// <param name="slice">Its size and sides.</param>
    /// <param name="pixels">Row by row.</param>
    /// <param name="left">Of the marks.</param>
    /// <param name="top">Of the marks.</param>
    public void Slice(AxialSlice slice, SKColor[] pixels, int left, int top)
    {
        using var bitmap = new SKBitmap(slice.Width, slice.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Pixels = pixels;
        _surface.Canvas.DrawBitmap(bitmap, left + Mark, top + Mark);
        const int Baseline = Mark - 5;
        int right = left + Mark + slice.Width, bottom = top + Mark + slice.Height;
        float middle = top + slice.Height / 2f + Baseline, centre = left + Mark + slice.Width / 2f;
        Text($"{slice.LeftEdge}", left + Mark / 2f, middle, SKTextAlign.Center);
        Text($"{slice.RightEdge}", right + Mark / 2f, middle, SKTextAlign.Center);
        Text("A", centre, top + Baseline, SKTextAlign.Center);
        Text("P", centre, bottom + Baseline, SKTextAlign.Center);
    }

    /// <summary>A bar from black to white with the values that these stand for.</summary>
    public void Scale(GreyScale scale, int top)
    {
        for (int i = 0; i < ScaleLength; i++)
        {
            byte grey = (byte)(255 * i / (ScaleLength - 1));
            using var paint = new SKPaint { Color = new SKColor(grey, grey, grey) };
            _surface.Canvas.DrawRect(ScaleLeft + i, top, 1, FontSize, paint);
        }

        Text($"{scale.Black:G3}", ScaleLeft - 6, top + 16, SKTextAlign.Right);
        Text(Upper(scale), ScaleLeft + ScaleLength + 6, top + 16, SKTextAlign.Left);
    }

    public void Text(string text, float x, float y, SKTextAlign align, SKColor? colour = null)
    {
        if (_font is null)
        {
            return;
        }

        using var paint = new SKPaint { Color = colour ?? SKColors.White, IsAntialias = true, Typeface = _font, TextSize = FontSize, TextAlign = align };
        _surface.Canvas.DrawText(text, x, y, paint);
    }

    /// <summary>The bytes of a PNG.</summary>
    public byte[] Encode()
    {
        using SKImage image = _surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    public void Dispose() => _surface.Dispose();

    private static string Upper(GreyScale scale) => $"{scale.White:G3} {scale.Unit}";

    private static SKTypeface? FindFont()
    {
        // Without fonts on the system Skia hands out a typeface that has no glyphs and draws nothing.
        SKTypeface typeface = SKFontManager.Default.FontFamilies.Contains("DejaVu Sans")
            ? SKTypeface.FromFamilyName("DejaVu Sans")
            : SKTypeface.Default;
        return typeface.GlyphCount > 0 ? typeface : null;
    }
}
