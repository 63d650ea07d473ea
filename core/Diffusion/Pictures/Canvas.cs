using SkiaSharp;

namespace Iqt.Diffusion;

/// <summary>A black picture that slices, texts and scales are drawn on. Where the system has no font, texts are left out.</summary>
internal sealed class Canvas : IDisposable
{
    public const int Gap = 12;
    public const int TextHeight = 34;
    public const int FontSize = 18;

    private const int ScaleLength = 128;

    private readonly SKSurface _surface;
    private readonly SKTypeface? _font = FindFont();

    public Canvas(int width, int height)
    {
        _surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        _surface.Canvas.Clear(SKColors.Black);
    }

    /// <summary>Draws a slice and marks its sides.</summary>
    public void Slice(AxialSlice slice, SKColor[] pixels, int left, int top)
    {
        using var bitmap = new SKBitmap(slice.Width, slice.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Pixels = pixels;
        _surface.Canvas.DrawBitmap(bitmap, left, top);
        float middle = top + slice.Height / 2f, centre = left + slice.Width / 2f;
        Text($"{slice.LeftEdge}", left + 6, middle, SKTextAlign.Left);
        Text($"{slice.RightEdge}", left + slice.Width - 6, middle, SKTextAlign.Right);
        Text("A", centre, top + 20, SKTextAlign.Center);
        Text("P", centre, top + slice.Height - 6, SKTextAlign.Center);
    }

    /// <summary>A bar from black to white with the values that these stand for.</summary>
    public void Scale(GreyScale scale, int top)
    {
        const float Left = Gap + 40;
        for (int i = 0; i < ScaleLength; i++)
        {
            byte grey = (byte)(255 * i / (ScaleLength - 1));
            using var paint = new SKPaint { Color = new SKColor(grey, grey, grey) };
            _surface.Canvas.DrawRect(Left + i, top, 1, FontSize, paint);
        }

        Text($"{scale.Black:G3}", Left - 6, top + 16, SKTextAlign.Right);
        Text($"{scale.White:G3} {scale.Unit}", Left + ScaleLength + 6, top + 16, SKTextAlign.Left);
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

    private static SKTypeface? FindFont()
    {
        // Without fonts on the system Skia hands out a typeface that has no glyphs and draws nothing.
        SKTypeface typeface = SKFontManager.Default.FontFamilies.Contains("DejaVu Sans")
            ? SKTypeface.FromFamilyName("DejaVu Sans")
            : SKTypeface.Default;
        return typeface.GlyphCount > 0 ? typeface : null;
    }
}
