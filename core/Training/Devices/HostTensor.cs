using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>The one place where numbers go from .NET's memory to a device and back.</summary>
public static class HostTensor
{
    /// <summary>Copies values into a new tensor on a device; the caller disposes it.</summary>
    /// <param name="values">In row-major order of the shape.</param>
    /// <param name="shape">Any.</param>
    /// <param name="device">Where the tensor lies.</param>
    /// <param name="dtype">What it holds.</param>
    public static Tensor Send(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, Device device, ScalarType dtype)
    {
        Tensor host = empty(shape, dtype: ScalarType.Float32, device: CPU);
        MemoryMarshal.AsBytes(values).CopyTo(host.bytes);
        if (device.type == TorchSharp.DeviceType.CPU && dtype == ScalarType.Float32)
        {
            return host;
        }

        using (host)
        {
            return host.to(dtype, device);
        }
    }

    /// <summary>Copies a tensor of any device and dtype into .NET's memory, in row-major order.</summary>
    /// <param name="tensor">Stays the caller's.</param>
    /// <param name="values">As many as the tensor has elements.</param>
    public static void Receive(Tensor tensor, Span<float> values)
    {
        using Tensor detached = tensor.detach();
        using Tensor host = detached.to(ScalarType.Float32, CPU, copy: true);
        using Tensor ordered = host.contiguous();
        MemoryMarshal.Cast<byte, float>(ordered.bytes).CopyTo(values);
    }
}
