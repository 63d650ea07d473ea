using System.Globalization;
using System.Text.Json;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>Typed access to the text that a checkpoint carries, with errors that name the file and the key.</summary>
internal sealed class CheckpointMetadata(IReadOnlyDictionary<string, string> values, string path)
{
    public bool Has(string key) => values.ContainsKey(key);

    public string Text(string key) => values.TryGetValue(key, out string? value)
        ? value
        : throw new DataException($"{path}: its metadata lack '{key}', which a checkpoint of Iqt has. Name a checkpoint of Iqt (checkpoints/best.safetensors of a run).");

    public int Integer(string key) => int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
        ? value
        : throw Wrong(key, "an integer");

    public int Positive(string key) => Integer(key) is > 0 and var value ? value : throw Wrong(key, "a positive integer");

    public double Number(string key) => double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        ? value
        : throw Wrong(key, "a number");

    public NormalizationScope Scope(string key) =>
        Enum.TryParse(Text(key), out NormalizationScope scope) && Enum.IsDefined(scope)
            ? scope
            : throw Wrong(key, "PerVoxel or PerChannel");

    public IReadOnlyDictionary<string, int> Integers(string key)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, int>>(Text(key)) ?? throw Wrong(key, "an object of integers");
        }
        catch (JsonException)
        {
            throw Wrong(key, "an object of integers");
        }
    }

    private DataException Wrong(string key, string expected) =>
        new($"{path}: its metadata say {key}='{Text(key)}', {expected} was expected. The file is damaged; copy it again.");
}
