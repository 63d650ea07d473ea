using System.Text;
using System.Text.Json;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>Where a tensor lies in a file, already checked: places follow one another without gaps.</summary>
internal readonly record struct SafetensorsPlace(string Name, SafetensorsType Type, long[] Shape, long Begin, int Length);

/// <summary>The JSON header of a safetensors file.</summary>
internal static class SafetensorsHeader
{
    private const string MetadataKey = "__metadata__";

    public static byte[] Format(SafetensorsFile file)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataKey);
            foreach ((string key, string value) in file.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            long offset = 0;
            var names = new HashSet<string>(StringComparer.Ordinal) { MetadataKey };
            foreach (SafetensorsEntry entry in file.Entries)
            {
                CheckEntry(entry, names);
                WriteEntry(json, entry, offset);
                offset += entry.Data.Length;
            }

            json.WriteEndObject();
        }

        // Numbers begin at a multiple of 8, so that other programs may map them into memory.
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    public static (SafetensorsPlace[] Places, IReadOnlyDictionary<string, string> Metadata) Parse(byte[] header, long dataLength, string path)
    {
        try
        {
            // Strict UTF-8: JsonDocument alone finds bad bytes only where a string is read.
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(header);
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            var places = new List<SafetensorsPlace>();
            foreach (JsonProperty property in Object(document.RootElement, "the header", path))
            {
                if (property.Name == MetadataKey)
                {
                    foreach (JsonProperty item in Object(property.Value, MetadataKey, path))
                    {
                        metadata.Add(item.Name, item.Value.GetString() ?? throw Damaged(path, $"metadata {item.Name} is null, text was expected"));
                    }
                }
                else
                {
                    places.Add(Place(property, dataLength, path));
                }
            }

            places.Sort((a, b) => (a.Begin, a.Length).CompareTo((b.Begin, b.Length)));
            long end = 0;
            foreach (SafetensorsPlace place in places)
            {
                end = place.Begin == end
                    ? end + place.Length
                    : throw Damaged(path, $"tensor {place.Name} begins at byte {place.Begin}, {end} was expected (no gaps, no overlaps)");
            }

            return end == dataLength
                ? ([.. places], metadata)
                : throw Damaged(path, $"the tensors take {end} bytes but {dataLength} follow the header");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            throw new DataException($"{path}: its header can't be understood ({error.Message}), that of a safetensors file was expected. Copy the file again.", error);
        }
    }

    private static SafetensorsPlace Place(JsonProperty property, long dataLength, string path)
    {
        string name = property.Name;
        string dtype = property.Value.GetProperty("dtype").GetString() ?? "";
        if (dtype is not ("F32" or "F64" or "I64"))
        {
            throw Damaged(path, $"tensor {name} holds '{dtype}', F32, F64 or I64 was expected");
        }

        SafetensorsType type = Enum.Parse<SafetensorsType>(dtype);
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > dataLength)
        {
            throw Damaged(path, $"tensor {name} has the offsets [{string.Join(", ", offsets)}], a range within the {dataLength} bytes of numbers was expected");
        }

        long length = offsets[1] - offsets[0];
        if (shape.Any(size => size < 0) || Bytes(shape, type) != length || length > Array.MaxLength)
        {
            throw Damaged(path, $"tensor {name} of shape [{string.Join(", ", shape)}] has {length} bytes, which don't fit");
        }

        return new SafetensorsPlace(name, type, shape, offsets[0], (int)length);
    }

    // Hostile sizes overflow loudly; with a 0 among them there is nothing to overflow.
    private static Int128 Bytes(long[] shape, SafetensorsType type) =>
        shape.Contains(0) ? 0 : shape.Aggregate((Int128)SafetensorsEntry.SizeOf(type), (product, size) => checked(product * size));

    private static JsonElement.ObjectEnumerator Object(JsonElement element, string what, string path) =>
        element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject()
            : throw Damaged(path, $"{what} is {element.ValueKind}, an object was expected");

    private static DataException Damaged(string path, string what) =>
        new($"{path}: {what}. The file is damaged or not one of Iqt's; copy it again.");

    private static void CheckEntry(SafetensorsEntry entry, HashSet<string> names)
    {
        if (!names.Add(entry.Name))
        {
            throw new ArgumentException($"Two tensors are called '{entry.Name}'.");
        }

        if (Bytes(entry.Shape, entry.Type) != entry.Data.Length)
        {
            throw new ArgumentException($"Tensor {entry.Name} of shape [{string.Join(", ", entry.Shape)}] has {entry.Data.Length} bytes, which don't fit.");
        }
    }

    private static void WriteEntry(Utf8JsonWriter json, SafetensorsEntry entry, long offset)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", entry.Type.ToString());
        json.WriteStartArray("shape");
        foreach (long size in entry.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + entry.Data.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
