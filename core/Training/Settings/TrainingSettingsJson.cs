using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Iqt.Diffusion;
using Iqt.Reversible;

namespace Iqt.Training;

/// <summary>Training settings as JSON. A key that is no setting is an error: a misspelt one must not be ignored.</summary>
public static class TrainingSettingsJson
{
    /// <summary>The settings' names in JSON.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Json(TrainingSettings.Default).Select(setting => setting.Key)];

    /// <summary>Indented JSON with every setting.</summary>
    public static string Format(this TrainingSettings settings) =>
        JsonSerializer.Serialize(settings, RunJson.Options) + "\n";

    /// <summary>Reads settings; those not named are as in <see cref="TrainingSettings.Default"/>.</summary>
    /// <param name="json">An object.</param>
    /// <param name="name">Where it comes from, for messages.</param>
    /// <exception cref="DataException">Not JSON, an unknown key or a value that makes no sense.</exception>
    public static TrainingSettings Parse(string json, string name)
    {
        var settings = RunJson.Parse<TrainingSettings>(json, name);
        return settings.Problem is { } problem
            ? throw new DataException($"{name}: {problem}. Correct it.")
            : settings;
    }

    /// <summary>The settings with one value changed, by the name it has in JSON (<c>learningRate</c>).</summary>
    /// <param name="settings">Stay as they are.</param>
    /// <param name="key">For example <c>epochs</c>.</param>
    /// <param name="value">A number, text, enum value, dictionary of hyperparameters, or null where that means "all".</param>
    /// <exception cref="DataException">No such setting, or a value that makes no sense.</exception>
    public static TrainingSettings With(this TrainingSettings settings, string key, object? value)
    {
        if (!Names.Contains(key))
        {
            throw new DataException($"training settings: there is no setting '{key}'.{NearName.Question(key, Names)} Known: {string.Join(", ", Names)}.");
        }

        if (value is double number && !double.IsFinite(number))
        {
            throw new DataException($"training settings: {key} is {number.ToString(CultureInfo.InvariantCulture)}; a finite number is expected. Correct it.");
        }

        JsonObject json = Json(settings);
        json[key] = JsonSerializer.SerializeToNode(value, RunJson.Options);
        return Parse(json.ToJsonString(), "training settings");
    }

    private static JsonObject Json(TrainingSettings settings) => JsonSerializer.SerializeToNode(settings, RunJson.Options)!.AsObject();
}
