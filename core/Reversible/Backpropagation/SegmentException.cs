namespace Iqt.Reversible;

/// <summary>A layer of a segment can't be computed or differentiated; the message names the segment and its layers.</summary>
public sealed class SegmentException : InvalidOperationException
{
    // Of a layer whose segment the pass around it names.
    internal SegmentException(string message) : base(message)
    {
    }

    internal SegmentException(Segment segment, Exception cause)
        : base($"Segment {segment.Name} ({segment.Operations}): {FirstLine(cause.Message)}{Remedy(cause.Message)}", cause)
    {
        Segment = segment.Name;
    }

    /// <summary>The segment's declared name; null where it is not known yet.</summary>
    public string? Segment { get; }

    private static string FirstLine(string message) => message.Split('\n')[0].TrimEnd();

    // libtorch's words for an operation in place, of a leaf or of what the backward pass still reads.
    private static string Remedy(string message) =>
        message.Contains("in-place operation", StringComparison.Ordinal) || message.Contains("inplace operation", StringComparison.Ordinal)
            ? " A layer of it works in place: let it make a new tensor and leave its input as it is."
            : "";
}
