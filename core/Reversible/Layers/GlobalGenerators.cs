using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>libtorch's global random numbers, which are everybody's: a generator of the CPU's and one of each CUDA device.</summary>
internal static class GlobalGenerators
{
    // Nobody else's module may draw from them meanwhile.
    private static readonly Lock Drawing = new();

    /// <summary>
    /// Runs a function whose random numbers follow from the seed alone. Behind it the CPU's generator is where it was. The state of
    /// a CUDA generator can't be read through TorchSharp: all of them go on from a number that was drawn from the device's before,
    /// so that neither the seed nor what the function drew shows in what others draw.
    /// </summary>
    /// <param name="seed">Of the function's random numbers.</param>
    /// <param name="device">Where the function computes.</param>
    /// <param name="function">May draw from the CPU's generator and from the device's.</param>
    public static Tensor Seeded(ulong seed, Device device, Func<Tensor> function)
    {
        lock (Drawing)
        {
            using Tensor state = random.get_rng_state();
            long? next = device.type == DeviceType.CUDA ? Drawn(device) : null;
            try
            {
                random.manual_seed((long)seed).Dispose(); // of the CPU's generator only
                if (next is not null)
                {
                    cuda.manual_seed_all((long)seed); // manual_seed would mean the current device, which need not be this one
                }

                return function();
            }
            finally
            {
                random.set_rng_state(state);
                if (next is { } ahead)
                {
                    cuda.manual_seed_all(ahead);
                }
            }
        }
    }

    private static long Drawn(Device device)
    {
        using Tensor drawn = randint(long.MaxValue, [1], dtype: ScalarType.Int64, device: device);
        return drawn.item<long>();
    }
}
