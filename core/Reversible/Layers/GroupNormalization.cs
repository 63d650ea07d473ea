using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Group normalisation as generated code makes and applies it.</summary>
public static class GroupNormalization
{
    /// <summary>A layer with scale 1 and shift 0, which <c>nn.GroupNorm</c> of TorchSharp 0.107 leaves as the memory was.</summary>
    /// <param name="groups">A divisor of the channels.</param>
    /// <param name="channels">Of the input.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="device">The default device if null.</param>
    /// <param name="dtype">Float32 if null.</param>
    public static GroupNorm Create(long groups, long channels, double epsilon, Device? device, ScalarType? dtype)
    {
        GroupNorm layer = nn.GroupNorm(groups, channels, eps: epsilon, device: device, dtype: dtype);
        using IDisposable withoutGraph = no_grad();
        layer.weight!.fill_(1);
        layer.bias!.fill_(0);
        return layer;
    }

    /// <summary>Normalises [batch, channels, …]; the caller disposes the result.</summary>
    /// <remarks>
    /// Where only the parameters are differentiated, as of the first layer in training, libtorch 2.10's backward pass for
    /// channels-last images on the CPU writes the input's gradient to a null pointer; the one for contiguous images does not. A
    /// contiguous image of one channel may be taken for either, but one with its voxels in a row is no image.
    /// </remarks>
    public static Tensor Apply(GroupNorm layer, Tensor input)
    {
        if (input.requires_grad || !is_grad_enabled())
        {
            return layer.call(input);
        }

        using Tensor inRow = input.reshape(input.shape[0], input.shape[1], -1);
        using Tensor normalized = layer.call(inRow);
        return normalized.reshape(input.shape);
    }
}
