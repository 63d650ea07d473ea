using System.Text.Json;
using System.Text.Json.Nodes;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>Says of a predicted image that no scanner measured it, and which weights made it.</summary>
public static class PredictionProvenance
{
    /// <param name="model">What predicted.</param>
    /// <param name="tiling">How the volume was cut.</param>
    /// <param name="scan">What it was predicted from.</param>
    /// <param name="mask">The scan's brain.</param>
    public static Provenance Of(TrainedModel model, Tiling tiling, string scan, string mask) => new([scan, mask, model.File], new JsonArray(new JsonObject
    {
        ["Name"] = "Iqt",
        ["Version"] = RunVersions.Current().Iqt,
        ["Description"] = $"Predicted by a network at {model.Geometry.Rate} times the scan's resolution along each axis, not measured",
        ["Network"] = model.Checkpoint.Network,
        ["Hyperparameters"] = JsonSerializer.SerializeToNode(model.Checkpoint.Hyperparameters),
        // Null of weights that were trained elsewhere.
        ["Epoch"] = model.Checkpoint.Epoch == 0 ? null : model.Checkpoint.Epoch,
        ["CheckpointSha256"] = model.Sha256,
        ["Tiling"] = RunJson.Name(tiling),
    }));

    /// <summary>
    /// The checkpoint's file that an image was predicted by, as its JSON names it, if its weights were others than the model's.
    /// Null if they are the same, or if there is no such image or nothing beside it says what predicted it.
    /// </summary>
    /// <param name="image">A predicted image that may be there.</param>
    /// <param name="model">What is about to predict it anew.</param>
    public static string? OtherWeights(string image, TrainedModel model)
    {
        try
        {
            return File.Exists(image)
                && Provenance.Beside(image) is { Sources: [.., string file], GeneratedBy: [JsonObject origin, ..] }
                && origin["CheckpointSha256"] is JsonValue hash
                && hash.TryGetValue(out string? text)
                && text != model.Sha256 ? file : null;
        }
        catch (DataException)
        {
            // What can't be read says nothing, and is about to be written anew.
            return null;
        }
    }
}
