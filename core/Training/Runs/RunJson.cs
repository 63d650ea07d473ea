using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>How records become JSON files and come back: camel case, enums by name, unknown keys refused.</summary>
internal static class RunJson
{
    public static readonly JsonSerializerOptions Options = Create(indented: true);

    public static readonly JsonSerializerOptions Line = Create(indented: false);

    /// <exception cref="DataException">Not JSON, an unknown key or a value of another kind.</exception>
    public static T Parse<T>(string json, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options)
                ?? throw new DataException($"{name}: null was found, a JSON object was expected. Correct it.");
        }
        catch (JsonException error)
        {
            string what = JsonMismatch.Sentence<T>(json, error) ?? $"{error.Message} Correct the key or the value.";
            throw new DataException($"{name}: {what}", error);
        }
    }

    /// <summary>An enum's value as it stands in JSON.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => JsonSerializer.Serialize(value, Options).Trim('"');

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        WriteIndented = indented,
        // Files, not web pages: keep × and µ readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };
}
