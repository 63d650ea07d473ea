using System.Text.Json.Nodes;

namespace Iqt.Diffusion;

/// <summary>What an image was computed from and by, for the JSON beside it, in BIDS' words.</summary>
/// <param name="Sources">Files that it was computed from; written relative to the image's folder, so that both can be moved together.</param>
/// <param name="GeneratedBy">The program: Name, Version, Description and whatever else decided the result.</param>
public sealed record Provenance(IReadOnlyList<string> Sources, JsonObject GeneratedBy);
