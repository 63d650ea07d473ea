using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Iqt.Training;

/// <summary>An amount of memory as people write it: 600MB (10⁶ bytes), 1.5GB or 512MiB (2²⁰ bytes).</summary>
/// <param name="Bytes">At least 1.</param>
[JsonConverter(typeof(JsonText))]
public readonly record struct MemoryAmount(long Bytes)
{
    private static readonly (string Name, decimal Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000),
    ];

    /// <summary>Reads a number and a unit; whether small or capital letters does not matter.</summary>
    /// <exception cref="FormatException">Not an amount; the message says what was found and what was expected.</exception>
    public static MemoryAmount Parse(string text)
    {
        string trimmed = text.Trim();
        (string name, decimal unit) = Units.FirstOrDefault(known => trimmed.EndsWith(known.Name, StringComparison.OrdinalIgnoreCase));
        if (name is null)
        {
            throw new FormatException($"'{text}' has no unit. Use KB, MB or GB (or KiB, MiB, GiB), for example 600MB.");
        }

        string digits = trimmed[..^name.Length].Trim();
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && number <= long.MaxValue / unit
            && (long)(number * unit) is > 0 and var bytes
            ? new MemoryAmount(bytes)
            : throw new FormatException($"'{text}' is no amount of memory, a number above 0 and a unit is expected, for example 600MB.");
    }

    /// <summary>In MB, to the byte.</summary>
    public override string ToString() => (Bytes / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture) + "MB";

    private sealed class JsonText : JsonConverter<MemoryAmount>
    {
        public override MemoryAmount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            // Without a unit a number would be guessed at.
            string text = reader.TokenType == JsonTokenType.String
                ? reader.GetString()!
                : throw new JsonException("An amount of memory with its unit was expected, for example \"600MB\".");
            try
            {
                return Parse(text);
            }
            catch (FormatException error)
            {
                throw new JsonException(error.Message, error);
            }
        }

        public override void Write(Utf8JsonWriter writer, MemoryAmount value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
