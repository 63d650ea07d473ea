namespace Iqt.Reversible;

/// <summary>A layer of a segment can't be computed or differentiated; the message names the segment and its layers.</summary>
public sealed class SegmentException : InvalidOperationException
{
    // Of a layer whose segment the pass around it names.
    internal SegmentException(string message) : base(message)
    {
    }

    private SegmentException(string message, Exception cause) : base(message, cause)
    {
    }

    internal SegmentException(Segment segment, Exception cause)
        : base($"Segment {segment.Name} ({segment.Operations}): {Words(cause)}", cause)
    {
        Segment = segment.Name;
    }

    /// <summary>The segment's declared name; null where it is not known yet.</summary>
    public string? Segment { get; }

    // Of a layer as the generated code writes it, "(z, execution) => z.tanh_()".
    internal static SegmentException OfLayer(string code, Exception cause)
    {
        int arrow = code.IndexOf("=>", StringComparison.Ordinal);
        return new SegmentException($"{(arrow < 0 ? code : code[(arrow + 2)..]).Trim()}: {Words(cause)}", cause);
    }

    private static string Words(Exception cause) =>
        cause is SegmentException ? cause.Message : $"{cause.Message.Split('\n')[0].TrimEnd()}{Remedy(cause.Message)}";

    // libtorch's words for an operation in place, of a leaf or of what the backward pass still reads.
    private static string Remedy(string message) =>
        message.Contains("in-place operation", StringComparison.Ordinal) || message.Contains("inplace operation", StringComparison.Ordinal)
            ? " What works in place here has to make a new tensor and leave its input as it is."
            : "";
}
