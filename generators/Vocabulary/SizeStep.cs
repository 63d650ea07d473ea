using Iqt.Generators.Models;

namespace Iqt.Generators.Vocabulary;

/// <summary>How one layer changes the length of an edge; the compiler's side of SpatialStep in core/Reversible.</summary>
/// <param name="Code">The expression of a SpatialStep.</param>
/// <param name="OutputSize">The output's edge for an input's, 0 if that does not fit; null if a number is not known.</param>
internal sealed record SizeStep(string Code, Func<long, long>? OutputSize)
{
    // Far beyond any image: enlargements in a row must not overflow.
    private const long Limit = 1L << 40;

    public static SizeStep Window(Count kernel, Count stride, Count padding, Count dilation, bool isReflected = false)
    {
        string code = $"SpatialStep.{(isReflected ? "ReflectedWindow" : "Window")}({kernel.Code}{Named("stride", stride, 1)}{Named("padding", padding, 0)}{Named("dilation", dilation, 1)})";
        return (kernel.Value, stride.Value, padding.Value, dilation.Value) is ({ } k, > 0 and { } s, { } p, { } d)
            ? new(code, size => Divided(size + 2 * p - d * (k - 1) - 1 + s, s, smallest: isReflected ? p + 1 : 1, size))
            : new(code, null);
    }

    /// <summary>A window that the image is at least as long as, whatever the padding.</summary>
    public static SizeStep WholeWindow(Count kernel, Count stride, Count padding)
    {
        SizeStep window = Window(kernel, stride, padding, Count.Literal(1));
        return new(
            window.Code.Replace("SpatialStep.Window", "SpatialStep.WholeWindow"),
            window.OutputSize is { } output && kernel.Value is { } smallest ? size => size < smallest ? 0 : output(size) : null);
    }

    public static SizeStep TransposedWindow(Count kernel, Count stride, Count padding, Count dilation, Count outputPadding)
    {
        string code = $"SpatialStep.TransposedWindow({kernel.Code}{Named("stride", stride, 1)}{Named("padding", padding, 0)}{Named("dilation", dilation, 1)}{Named("outputPadding", outputPadding, 0)})";
        return (kernel.Value, stride.Value, padding.Value, dilation.Value, outputPadding.Value) is ({ } k, { } s, { } p, { } d, { } o)
            ? new(code, size => Math.Max((Math.Min(size, Limit) - 1) * s - 2 * p + d * (k - 1) + o + 1, 0))
            : new(code, null);
    }

    public static SizeStep Enlargement(int rate) => new($"SpatialStep.Enlargement({rate})", size => Math.Min(size, Limit) * rate);

    public static SizeStep Reduction(int rate) => new($"SpatialStep.Reduction({rate})", size => rate > 0 && size % rate == 0 ? size / rate : 0);

    public static SizeStep Collapse { get; } = new("SpatialStep.Collapse", _ => 1);

    public static SizeStep AtLeast(int smallest) => new($"SpatialStep.AtLeast({smallest})", size => size < smallest ? 0 : size);

    private static long Divided(long scaled, long divisor, long smallest, long size) => size < smallest || scaled < divisor ? 0 : scaled / divisor;

    private static string Named(string name, Count value, int otherwise) => value == Count.Literal(otherwise) ? "" : $", {name}: {value.Code}";
}
