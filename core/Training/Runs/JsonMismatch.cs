using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Iqt.Reversible;

namespace Iqt.Training;

/// <summary>A key that nobody knows, or a value that can't be what its key is, in the words of whoever wrote it: the serializer's name types of .NET.</summary>
internal static class JsonMismatch
{
    /// <summary>What was found, what was expected and the remedy; null where the error is another one, or lies deeper.</summary>
    /// <typeparam name="T">That was read.</typeparam>
    public static string? Sentence<T>(string json, JsonException error)
    {
        // $.learningRate, with nothing behind it.
        if (error.Path is not ['$', '.', .. { } key] || key.AsSpan().ContainsAny('.', '['))
        {
            return null;
        }

        if (typeof(T).GetProperty(key, BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance) is not { } property)
        {
            IEnumerable<string> known = typeof(T).GetProperties().Select(of => JsonNamingPolicy.CamelCase.ConvertName(of.Name));
            return $"this Iqt knows no '{key}'.{NearName.Question(key, known)} If another version or build of it wrote the file, use that one; else correct it.";
        }

        if (Expected(property.PropertyType) is not { } expected)
        {
            return null;
        }

        try
        {
            JsonNode? found = JsonNode.Parse(json)?[key];
            return $"{key} is {found?.ToJsonString(RunJson.Line) ?? "null"}; {expected} is expected. Correct it.";
        }
        catch (JsonException) // what comes behind the value is no JSON
        {
            return null;
        }
    }

    private static string? Expected(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            { IsEnum: true } => $"one of {string.Join(", ", Enum.GetValues(plain).Cast<object>().Select(value => JsonSerializer.Serialize(value, plain, RunJson.Options).Trim('"')))}",
            _ when plain == typeof(int) => $"a whole number up to {int.MaxValue}",
            _ when plain == typeof(ulong) => "a whole number that is not negative",
            _ when plain == typeof(double) => "a number",
            _ when plain == typeof(bool) => "true or false",
            _ when plain == typeof(string) => "text",
            _ when plain == typeof(IReadOnlyList<string>) => "a list of texts",
            _ when plain == typeof(IReadOnlyDictionary<string, int>) => "an object of whole numbers",
            _ => null,
        };
    }
}
