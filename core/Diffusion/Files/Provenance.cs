using System.Text.Json.Nodes;

namespace Iqt.Diffusion;

/// <summary>What an image was computed from and by, for the JSON beside it, in BIDS' words.</summary>
/// <param name="Sources">Files that it was computed from; written relative to the image's folder, so that both can be moved together.</param>
/// <param name="GeneratedBy">An object for each program: Name, Version, Description and whatever else decided the result.</param>
public sealed record Provenance(IReadOnlyList<string> Sources, JsonArray GeneratedBy)
{
    /// <summary>What the JSON beside an image says of it, so that what is computed of the image can say it too; null if it says nothing.</summary>
    /// <exception cref="DataException">The JSON can't be read.</exception>
    public static Provenance? Beside(string image)
    {
        if (Sidecar.Read(image) is not { } document || document[nameof(GeneratedBy)] is not JsonArray generated)
        {
            return null;
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(image))!;
        IEnumerable<string> sources = (document[nameof(Sources)] as JsonArray ?? [])
            .OfType<JsonValue>()
            .Select(source => source.TryGetValue(out string? text) ? text : null)
            .OfType<string>()
            .Where(source => source.Length > 0 && !source.Contains('\0'));
        return new Provenance([.. sources.Select(source => IsUri(source) ? source : Path.GetFullPath(source, folder))], generated);
    }

    // BIDS' own (bids:raw:sub-01/...) and addresses.
    internal static bool IsUri(string source) => source.StartsWith("bids:", StringComparison.Ordinal) || source.Contains("://", StringComparison.Ordinal);
}
