using System.Text.Json;
using System.Text.Json.Nodes;

namespace Iqt.Diffusion;

/// <summary>
/// The JSON beside a tensor file, after the draft BIDS extension for diffusion derivatives (BEP016): the model,
/// the frame, the unit and, as an addition, the order of the elements.
/// </summary>
internal static class TensorSidecar
{
    public static readonly string[] FslOrder = ["xx", "xy", "xz", "yy", "yz", "zz"];

    public static string PathBeside(string image)
    {
        string stem = image.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase) ? image[..^7] : Path.ChangeExtension(image, null);
        return stem + ".json";
    }

    public static string Format() => new JsonObject
    {
        ["Model"] = new JsonObject { ["Description"] = "Diffusion tensor", ["URL"] = "https://doi.org/10.1016/S0006-3495(94)80775-1" },
        ["OrientationEncoding"] = new JsonObject { ["Type"] = "tensor", ["TensorRank"] = 2, ["Reference"] = "bvec" },
        ["ElementOrder"] = new JsonArray([.. FslOrder.Select(name => JsonValue.Create(name))]),
        ["Units"] = "mm^2/s",
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";

    /// <summary>For each element in FSL order, the volume of the file that holds it.</summary>
    public static int[] ReadOrder(string image)
    {
        string path = PathBeside(image);
        if (!File.Exists(path))
        {
            return [0, 1, 2, 3, 4, 5];
        }

        JsonNode? root;
        try
        {
            root = JsonNode.Parse(File.ReadAllText(path));
        }
        catch (JsonException error)
        {
            throw new DataException($"{path}: is not JSON ({error.Message}). Repair or remove it.", error);
        }

        if (root is not JsonObject document)
        {
            throw new DataException($"{path}: a JSON object was expected. Repair or remove it.");
        }

        CheckText(path, "Units", document["Units"], "mm^2/s");
        CheckText(path, "OrientationEncoding.Reference", (document["OrientationEncoding"] as JsonObject)?["Reference"], "bvec");
        if (document["ElementOrder"] is not { } found)
        {
            return [0, 1, 2, 3, 4, 5];
        }

        string[] order = found is JsonArray array ? [.. array.Select(name => $"{name}".ToLowerInvariant())] : [];
        int[] volumes = [.. FslOrder.Select(name => Array.IndexOf(order, name))];
        if (order.Length != TensorImage.Elements || volumes.Contains(-1))
        {
            throw new DataException($"{path}: ElementOrder is {found.ToJsonString()}, the six of {string.Join(", ", FslOrder)} were expected. Repair it.");
        }

        return volumes;
    }

    private static void CheckText(string path, string name, JsonNode? found, string expected)
    {
        if (found is not null && $"{found}" != expected)
        {
            throw new DataException($"{path}: {name} is {found.ToJsonString()}, \"{expected}\" was expected. Convert the tensors first.");
        }
    }
}
