using Iqt.Diffusion;
using Iqt.Reversible;
using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>A network's parameters and buffers (running statistics too) by their names.</summary>
public static class NetworkState
{
    /// <summary>Copies them out of the network, in the order of its declaration.</summary>
    public static IReadOnlyList<SafetensorsEntry> Capture(Network network)
    {
        var entries = new List<SafetensorsEntry>();
        foreach ((string name, Tensor tensor) in Tensors(network))
        {
            using Tensor detached = tensor.detach();
            using Tensor host = detached.to(tensor.dtype, CPU, copy: true);
            using Tensor ordered = host.contiguous();
            entries.Add(new SafetensorsEntry(name, TypeOf(name, tensor.dtype), tensor.shape, ordered.bytes.ToArray()));
        }

        return entries;
    }

    /// <summary>Copies them into the network, whatever its device and dtype.</summary>
    /// <exception cref="DataException">A tensor is missing, left over or of another shape; the network is then unchanged.</exception>
    public static void Restore(Network network, IReadOnlyList<SafetensorsEntry> entries, string name)
    {
        Dictionary<string, SafetensorsEntry> left = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        var pairs = new List<(Tensor Tensor, SafetensorsEntry Entry)>();
        foreach ((string tensorName, Tensor tensor) in Tensors(network))
        {
            if (!left.Remove(tensorName, out SafetensorsEntry? entry))
            {
                throw new DataException($"{name}: holds no tensor {tensorName}, which network {network.NetworkName} has. It belongs to another version of the network; train again or use that version.");
            }

            if (!entry.Shape.AsSpan().SequenceEqual(tensor.shape))
            {
                throw new DataException($"{name}: tensor {tensorName} has the shape [{string.Join(", ", entry.Shape)}], [{string.Join(", ", tensor.shape)}] was expected by network {network.NetworkName}. Use the network it was trained with.");
            }

            pairs.Add((tensor, entry));
        }

        if (left.Count > 0)
        {
            throw new DataException($"{name}: holds {left.Count} tensors that network {network.NetworkName} lacks, {left.Keys.First()} for one. Use the network it was trained with.");
        }

        using IDisposable withoutGraph = no_grad();
        foreach ((Tensor tensor, SafetensorsEntry entry) in pairs)
        {
            using Tensor host = empty(entry.Shape, dtype: DtypeOf(entry.Type), device: CPU);
            entry.Data.CopyTo(host.bytes);
            tensor.copy_(host);
        }
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Tensors(Network network) =>
        network.named_parameters().Select(parameter => (parameter.name, (Tensor)parameter.parameter))
            .Concat(network.named_buffers().Select(buffer => (buffer.name, buffer.buffer)));

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
