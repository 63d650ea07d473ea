using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>Copies tensors of any device into entries of a file and back, bit for bit.</summary>
internal static class TensorEntry
{
    /// <summary>A copy of a tensor.</summary>
    public static SafetensorsEntry Of(string name, Tensor tensor)
    {
        using Tensor detached = tensor.detach();
        using Tensor host = detached.to(tensor.dtype, CPU, copy: true);
        using Tensor ordered = host.contiguous();
        return new SafetensorsEntry(name, TypeOf(name, tensor.dtype), tensor.shape, ordered.bytes.ToArray());
    }

    /// <summary>A tensor on the CPU, which the caller disposes.</summary>
    public static Tensor ToTensor(SafetensorsEntry entry)
    {
        Tensor host = empty(entry.Shape, dtype: DtypeOf(entry.Type), device: CPU);
        entry.Data.CopyTo(host.bytes);
        return host;
    }

    /// <summary>Overwrites a tensor of the same shape, whatever its device and dtype.</summary>
    public static void CopyTo(SafetensorsEntry entry, Tensor tensor)
    {
        using IDisposable withoutGraph = no_grad();
        using Tensor host = ToTensor(entry);
        tensor.copy_(host);
    }

    private static SafetensorsType TypeOf(string name, ScalarType dtype) => dtype switch
    {
        ScalarType.Float32 => SafetensorsType.F32,
        ScalarType.Float64 => SafetensorsType.F64,
        ScalarType.Int64 => SafetensorsType.I64,
        _ => throw new NotSupportedException($"Tensor {name} holds {dtype}; checkpoints hold Float32, Float64 and Int64."),
    };

    private static ScalarType DtypeOf(SafetensorsType type) => type switch
    {
        SafetensorsType.F32 => ScalarType.Float32,
        SafetensorsType.F64 => ScalarType.Float64,
        _ => ScalarType.Int64,
    };
}
