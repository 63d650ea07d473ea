using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Iqt.Diffusion;

/// <summary>The JSON beside an image.</summary>
internal static class Sidecar
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string PathBeside(string image) => NiftiPaths.Stem(image) + ".json";

    /// <exception cref="DataException">Can't be written.</exception>
    public static void Write(string image, JsonObject document, Provenance? provenance)
    {
        if (provenance is not null)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(image))!;
            document["GeneratedBy"] = new JsonArray(provenance.GeneratedBy.DeepClone());
            document["Sources"] = new JsonArray([.. provenance.Sources.Select(source => JsonValue.Create(Path.GetRelativePath(folder, source)))]);
        }

        AtomicFile.WriteText(PathBeside(image), document.ToJsonString(Format) + "\n");
    }
}
