using Iqt.Diffusion;
using Iqt.Reversible;
using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>A network's parameters and buffers (running statistics too) by their names.</summary>
public static class NetworkState
{
    /// <summary>Copies them out of the network, in the order of its declaration.</summary>
    public static IReadOnlyList<SafetensorsEntry> Capture(Network network) =>
        [.. Tensors(network).Select(named => TensorEntry.Of(named.Name, named.Tensor))];

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

        foreach ((Tensor tensor, SafetensorsEntry entry) in pairs)
        {
            TensorEntry.CopyTo(entry, tensor);
        }
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Tensors(Network network) =>
        network.named_parameters().Select(parameter => (parameter.name, (Tensor)parameter.parameter))
            .Concat(network.named_buffers().Select(buffer => (buffer.name, buffer.buffer)));
}
