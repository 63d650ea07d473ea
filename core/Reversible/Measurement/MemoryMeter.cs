using TorchSharp;

namespace Iqt.Reversible.Measurement;

/// <summary>Choosing a meter and measuring an action with it.</summary>
public static class MemoryMeter
{
    /// <summary>
    /// The most exact meter of the device's memory: tensors counted at the allocator on Linux x64, resident
    /// memory on other Linux machines, the driver's figure on CUDA.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">Nothing here can measure the device's memory.</exception>
    public static IMemoryMeter For(torch.Device device)
    {
        if (device.type == DeviceType.CUDA)
        {
            return new DeviceMemory(Math.Max(0, device.index));
        }

        if (device.type != DeviceType.CPU)
        {
            throw new PlatformNotSupportedException($"The memory of device '{device}' can't be measured. Measure on the CPU or a CUDA device.");
        }

        return TensorMemory.IsSupported ? TensorMemory.Instance : new ResidentMemory();
    }

    /// <summary>Bytes by which the peak during the action exceeds what was in use before it.</summary>
    public static long PeakAbove(this IMemoryMeter meter, Action action)
    {
        // What earlier work abandoned would otherwise be finalised, and lower the count, during the action.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        meter.ResetPeak();
        long before = meter.LiveBytes;
        action();
        return meter.PeakBytes - before;
    }
}
