using System.Runtime.InteropServices;

namespace Iqt.Training;

/// <summary>A named tensor of a safetensors file, in .NET's memory.</summary>
/// <param name="Name">For example <c>layer1.conv.weight</c>.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Shape">Empty for a single number.</param>
/// <param name="Data">The numbers in row-major order, little-endian.</param>
public sealed record SafetensorsEntry(string Name, SafetensorsType Type, long[] Shape, byte[] Data)
{
    /// <summary>An entry of float32.</summary>
    public static SafetensorsEntry Of(string name, ReadOnlySpan<float> values, params long[] shape) =>
        new(name, SafetensorsType.F32, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Bytes of one number.</summary>
    public static int SizeOf(SafetensorsType type) => type == SafetensorsType.F32 ? 4 : 8;

    /// <summary>The numbers of an entry of float32.</summary>
    /// <exception cref="InvalidOperationException">It holds something else.</exception>
    public float[] ToSingles() => Type == SafetensorsType.F32
        ? MemoryMarshal.Cast<byte, float>(Data).ToArray()
        : throw new InvalidOperationException($"{Name} holds {Type}, not F32.");
}
