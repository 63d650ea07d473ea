using System.Text.Json.Nodes;

namespace Iqt.Diffusion;

/// <summary>
/// The JSON beside a tensor file, after the draft BIDS extension for diffusion derivatives (BEP016): the model,
/// the frame, the unit and, as an addition, the order of the elements.
/// </summary>
internal static class TensorSidecar
{
    /// <exception cref="DataException">Can't be written.</exception>
    public static void Write(string image, TensorConvention convention, Provenance? provenance) => Sidecar.Write(image, new JsonObject
    {
        ["Model"] = new JsonObject { ["Description"] = "Diffusion tensor", ["URL"] = "https://doi.org/10.1016/S0006-3495(94)80775-1" },
        ["OrientationEncoding"] = new JsonObject { ["Type"] = "tensor", ["TensorRank"] = 2, ["Reference"] = Reference(convention.Frame) },
        ["ElementOrder"] = new JsonArray([.. convention.Elements.Select(name => JsonValue.Create(name))]),
        ["Units"] = "mm^2/s",
    }, provenance);

    /// <summary>What the sidecar says; what it leaves open is as in <paramref name="unstated"/>.</summary>
    /// <exception cref="DataException">No JSON, another unit, an unknown frame or order.</exception>
    public static TensorConvention Read(string image, TensorConvention unstated)
    {
        if (Sidecar.Read(image) is not { } document)
        {
            return unstated;
        }

        string path = Sidecar.PathBeside(image);
        if (document["Units"] is { } unit && $"{unit}" != "mm^2/s")
        {
            throw new DataException($"{path}: Units is {unit.ToJsonString()}, \"mm^2/s\" was expected. Convert the tensors first.");
        }

        return unstated with
        {
            Frame = ReadFrame(path, (document["OrientationEncoding"] as JsonObject)?["Reference"], unstated.Frame),
            Elements = ReadOrder(path, document["ElementOrder"], unstated.Elements),
        };
    }

    /// <summary>BEP016's names of the frames.</summary>
    private static string Reference(GradientFrame frame) => frame switch
    {
        GradientFrame.Bvec => "bvec",
        GradientFrame.Image => "ijk",
        _ => "xyz",
    };

    private static GradientFrame ReadFrame(string path, JsonNode? found, GradientFrame unstated)
    {
        if (found is null)
        {
            return unstated;
        }

        GradientFrame[] known = [.. Enum.GetValues<GradientFrame>().Where(frame => Reference(frame) == $"{found}")];
        return known.Length == 1
            ? known[0]
            : throw new DataException($"{path}: OrientationEncoding.Reference is {found.ToJsonString()}, \"bvec\", \"ijk\" or \"xyz\" was expected. Correct it.");
    }

    private static IReadOnlyList<string> ReadOrder(string path, JsonNode? found, IReadOnlyList<string> unstated)
    {
        if (found is null)
        {
            return unstated;
        }

        string[] order = found is JsonArray array ? [.. array.Select(name => $"{name}".ToLowerInvariant())] : [];
        return order.Length == TensorImage.Elements && TensorConvention.FslElements.All(order.Contains)
            ? order
            : throw new DataException($"{path}: ElementOrder is {found.ToJsonString()}, the six of {string.Join(", ", TensorConvention.FslElements)} were expected. Repair it.");
    }
}
