using SkiaSharp;

namespace Iqt.Diffusion;

/// <summary>Axial slices of one image from the lowest to the highest that holds anything, as PNG.</summary>
public static class SliceSheet
{
    private const int Columns = 4, Rows = 3;
    private const double PixelsPerMm = 1.25;
    // What a scale or the names of the colours take.
    private const int LeastWidth = 340;

    /// <summary>Writes a map in greys with its scale; the file appears complete or not at all.</summary>
    /// <exception cref="DataException">Can't be written.</exception>
    public static void Write(string path, Panel panel, GreyScale scale) => AtomicFile.Write(path, stream =>
    {
        using Canvas canvas = Draw(panel.Label, panel.Volume, slice => scale.Shade(slice.Sample(panel.Volume)), out int bottom);
        canvas.Scale(scale, bottom + 8);
        stream.Write(canvas.Encode());
    });

    /// <summary>Writes FA in colours with what they mean; the file appears complete or not at all.</summary>
    /// <exception cref="DataException">Can't be written.</exception>
    public static void Write(string path, string label, ColourFa colours) => AtomicFile.Write(path, stream =>
    {
        using Canvas canvas = Draw(label, Sum(colours), slice => Mix(slice, colours), out int bottom);
        float baseline = bottom + 24;
        canvas.Text("right–left", Canvas.Gap + 20, baseline, SKTextAlign.Left, SKColors.Red);
        canvas.Text("front–back", Canvas.Gap + 130, baseline, SKTextAlign.Left, SKColors.Lime);
        canvas.Text("up–down", Canvas.Gap + 250, baseline, SKTextAlign.Left, new SKColor(90, 90, 255));
        stream.Write(canvas.Encode());
    });

    private static Canvas Draw(string label, Volume extent, Func<AxialSlice, SKColor[]> shade, out int bottom)
    {
        (double low, double high) = FilledHeights(extent);
        AxialSlice[] slices = [.. Enumerable.Range(0, Columns * Rows)
            .Select(i => new AxialSlice(extent.Grid, low + (high - low) * (i + 0.5) / (Columns * Rows), pixelsPerMm: PixelsPerMm))];
        int width = Canvas.WidthOf(slices[0]) + Canvas.Gap, height = Canvas.HeightOf(slices[0]) + Canvas.Gap;
        bottom = Canvas.TextHeight + Rows * height;
        var canvas = new Canvas(Math.Max(Canvas.Gap + Columns * width, LeastWidth), bottom + Canvas.TextHeight);
        for (int i = 0; i < slices.Length; i++)
        {
            canvas.Slice(slices[i], shade(slices[i]), Canvas.Gap + i % Columns * width, Canvas.TextHeight + i / Columns * height);
        }

        canvas.Text(label, Canvas.Gap, Canvas.TextHeight - 11, SKTextAlign.Left);
        return canvas;
    }

    private static SKColor[] Mix(AxialSlice slice, ColourFa colours)
    {
        float[] red = slice.Sample(colours.Red), green = slice.Sample(colours.Green), blue = slice.Sample(colours.Blue);
        return [.. Enumerable.Range(0, red.Length).Select(i => new SKColor(Byte(red[i]), Byte(green[i]), Byte(blue[i])))];
    }

    private static byte Byte(float value) => float.IsNaN(value) ? (byte)0 : (byte)Math.Round(255 * Math.Clamp(value, 0, 1));

    private static Volume Sum(ColourFa colours) =>
        new(colours.Red.Grid, [.. colours.Red.Values.Select((red, i) => red + colours.Green.Values[i] + colours.Blue.Values[i])]);

    /// <summary>The part of the up axis, 0 to 1, between the outermost slices that are not zero.</summary>
    private static (double Low, double High) FilledHeights(Volume volume)
    {
        var axes = new AnatomicalAxes(volume.Grid.Affine);
        GridSize size = volume.Grid.Size;
        int axis = axes.VoxelAxis(2), length = axis == 0 ? size.X : axis == 1 ? size.Y : size.Z;
        int low = length, high = -1;
        for (int i = 0; i < volume.Values.Length; i++)
        {
            if (volume.Values[i] != 0)
            {
                (int x, int y, int z) = size.Position(i);
                int slice = axis == 0 ? x : axis == 1 ? y : z;
                (low, high) = (Math.Min(low, slice), Math.Max(high, slice));
            }
        }

        if (high < low || length < 2)
        {
            return (0, 1);
        }

        double first = low / (length - 1.0), last = high / (length - 1.0);
        return axes.IsReversed(2) ? (1 - last, 1 - first) : (first, last);
    }
}
