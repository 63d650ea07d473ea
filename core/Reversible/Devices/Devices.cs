using System.Globalization;
using TorchSharp;

namespace Iqt.Reversible;

/// <summary>The one place that knows devices by name.</summary>
public static class Devices
{
    /// <summary>The device called <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <exception cref="ArgumentException">Not such a name.</exception>
    /// <exception cref="DeviceUnavailableException">The machine, or this build, has no such device.</exception>
    public static torch.Device Parse(string name)
    {
        if (name == "cpu")
        {
            return torch.CPU;
        }

        string[] parts = name.Split(':');
        int index = 0;
        if (parts[0] != "cuda" || parts.Length > 2
            || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index)))
        {
            throw new ArgumentException($"'{name}' is no device. Use cpu, cuda or cuda:N.");
        }

        if (!torch.TryInitializeDeviceType(DeviceType.CUDA) || !torch.cuda.is_available())
        {
            throw new DeviceUnavailableException(
                $"Device '{name}' is not to be had: libtorch finds no CUDA here. Use --device cpu, or name a CUDA libtorch in IQT_LIBTORCH; Iqt itself has to be built with -p:IqtCuda=installed for that.");
        }

        int count = torch.cuda.device_count();
        return index < count
            ? torch.device(DeviceType.CUDA, index)
            : throw new DeviceUnavailableException($"Device '{name}' is not to be had: there are {count} CUDA devices, cuda:0 to cuda:{count - 1}.");
    }
}
