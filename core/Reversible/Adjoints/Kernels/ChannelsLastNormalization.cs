using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints.Kernels;

/// <summary>Batch normalisation by <see cref="NormalizationKernels{T}"/>, in the type of the numbers.</summary>
internal static class ChannelsLastNormalization
{
    /// <summary>As of <see cref="NormalizationKernels{T}.Moments"/>.</summary>
    public static (Tensor Mean, Tensor Variance) Moments(Tensor x) =>
        IsSingle(x) ? NormalizationKernels<float>.Moments(x) : NormalizationKernels<double>.Moments(x);

    /// <summary>Normalises [voxels, channels] and multiplies what is negative by the slope; the caller disposes the result.</summary>
    /// <param name="x">The input.</param>
    /// <param name="statistics">[2, channels]: mean and 1/√(variance + ε).</param>
    /// <param name="layer">Has weight and bias.</param>
    /// <param name="slope">Of the activation below zero.</param>
    public static Tensor Apply(Tensor x, Tensor statistics, BatchNorm layer, double slope) =>
        IsSingle(x)
            ? NormalizationKernels<float>.Apply(x, Parameters(x, statistics, layer), slope)
            : NormalizationKernels<double>.Apply(x, Parameters(x, statistics, layer), slope);

    /// <summary>The adjoint of <see cref="Apply"/>; adds the gradients of weight and bias to theirs.</summary>
    /// <param name="x">The input.</param>
    /// <param name="gradient">∂L/∂output.</param>
    /// <param name="statistics">[2, channels]: mean and 1/√(variance + ε).</param>
    /// <param name="layer">Has weight and bias.</param>
    /// <param name="slope">Of the activation below zero.</param>
    /// <param name="isOfBatch">Whether the statistics are the input's own.</param>
    /// <param name="wantInputGradient">Whether ∂L/∂input is computed.</param>
    /// <returns>∂L/∂input, which the caller disposes, or null.</returns>
    public static Tensor? Backward(Tensor x, Tensor gradient, Tensor statistics, BatchNorm layer, double slope, bool isOfBatch, bool wantInputGradient)
    {
        ChannelParameters parameters = Parameters(x, statistics, layer);
        (double[] mean, double[] moment) = IsSingle(x)
            ? NormalizationKernels<float>.GradientMoments(x, gradient, parameters, slope)
            : NormalizationKernels<double>.GradientMoments(x, gradient, parameters, slope);

        // The moment is that of x̂, as the gradient of the weight is.
        double[] scaled = [.. moment.Select((m, channel) => m * parameters.Inverse[channel])];
        double voxels = (double)x.numel() / mean.Length;
        ParameterGradients.Add(layer.bias, tensor([.. mean.Select(m => m * voxels)], x.dtype));
        ParameterGradients.Add(layer.weight, tensor([.. scaled.Select(m => m * voxels)], x.dtype));
        if (!wantInputGradient)
        {
            return null;
        }

        // dx = scale·(g − mean g − x̂·moment) = scale·g + b·x + c; b is small, so nothing cancels here. Fixed statistics: scale·g.
        (double[] b, double[] c) = (new double[mean.Length], new double[mean.Length]);
        for (int channel = 0; isOfBatch && channel < b.Length; channel++)
        {
            b[channel] = -parameters.Scale[channel] * parameters.Inverse[channel] * scaled[channel];
            c[channel] = (-parameters.Scale[channel] * mean[channel]) - (b[channel] * parameters.Mean[channel]);
        }

        return IsSingle(x)
            ? NormalizationKernels<float>.InputGradient(x, gradient, parameters, slope, b, c)
            : NormalizationKernels<double>.InputGradient(x, gradient, parameters, slope, b, c);
    }

    private static ChannelParameters Parameters(Tensor x, Tensor statistics, BatchNorm layer) => IsSingle(x)
        ? ChannelParameters.Of<float>(statistics, layer.weight, layer.bias)
        : ChannelParameters.Of<double>(statistics, layer.weight, layer.bias);

    private static bool IsSingle(Tensor x) => x.dtype == ScalarType.Float32;
}
