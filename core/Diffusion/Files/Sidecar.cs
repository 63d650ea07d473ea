using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Iqt.Diffusion;

/// <summary>The JSON beside an image.</summary>
internal static class Sidecar
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string PathBeside(string image) => NiftiPaths.Stem(image) + ".json";

    /// <summary>What is beside an image; null if nothing is.</summary>
    /// <exception cref="DataException">No JSON object.</exception>
    public static JsonObject? Read(string image)
    {
        string path = PathBeside(image);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            // A key that is there twice would show only where it is looked up.
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw new DataException($"{path}: a JSON object was expected. Repair or remove it.");
        }
        catch (JsonException error)
        {
            throw new DataException($"{path}: is not JSON ({error.Message}). Repair or remove it.", error);
        }
    }

    /// <exception cref="DataException">Can't be written.</exception>
    public static void Write(string image, JsonObject document, Provenance? provenance)
    {
        if (provenance is not null)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(image))!;
            document["GeneratedBy"] = provenance.GeneratedBy.DeepClone();
            document["Sources"] = new JsonArray([.. provenance.Sources.Select(source => JsonValue.Create(Provenance.IsUri(source) ? source : Path.GetRelativePath(folder, source)))]);
        }

        AtomicFile.WriteText(PathBeside(image), document.ToJsonString(Format) + "\n");
    }
}
