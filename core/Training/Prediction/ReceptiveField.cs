using Iqt.Reversible;
using TorchSharp.Modules;

namespace Iqt.Training;

/// <summary>How far a network looks.</summary>
public static class ReceptiveField
{
    /// <summary>
    /// LR voxels to each side of an output voxel's own beyond which no input has an influence, or null where strided
    /// convolutions make that more than a sum. An upper bound: half the kernels of all convolutions, as if they followed
    /// one another.
    /// </summary>
    public static int? RadiusOf(Network network)
    {
        // A nested module is listed once for each module that it is in.
        long sum = 0;
        foreach (Convolution convolution in network.modules().OfType<Convolution>().Distinct())
        {
            if (convolution.stride.Any(step => step != 1))
            {
                return null;
            }

            // The network's own margin is part of it.
            sum += convolution.kernel_size.Zip(convolution.dilation, (edge, dilation) => (edge - 1) * dilation).Max() / 2;
        }

        return (int)sum;
    }
}
