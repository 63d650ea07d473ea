using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints.Kernels;

/// <summary>Chooses <see cref="NormalizationKernels{T}"/> by the type of the numbers.</summary>
internal static class ChannelsLastNormalization
{
    /// <summary>Whether the kernels take a view of <see cref="MemoryLayout"/>: channels-last, in host memory, float32 or float64.</summary>
    public static bool Takes(Tensor view, bool last) =>
        last && view.device_type == DeviceType.CPU
        && view.dtype is ScalarType.Float32 or ScalarType.Float64
        && view.numel() > 0 && view.numel() * view.element_size() <= int.MaxValue; // what a span can hold

    /// <summary>As of <see cref="NormalizationKernels{T}.Moments"/>.</summary>
    public static (Tensor Mean, Tensor Variance) Moments(Tensor x) =>
        IsSingle(x) ? NormalizationKernels<float>.Moments(x) : NormalizationKernels<double>.Moments(x);

    /// <summary>As of <see cref="NormalizationKernels{T}.Apply(Tensor, Tensor, Tensor, double)"/>.</summary>
    public static Tensor Apply(Tensor x, Tensor scale, Tensor shift, double slope) =>
        IsSingle(x) ? NormalizationKernels<float>.Apply(x, scale, shift, slope) : NormalizationKernels<double>.Apply(x, scale, shift, slope);

    /// <summary>As of <see cref="NormalizationKernels{T}.GradientMoments"/>.</summary>
    public static (Tensor Gradient, Tensor Moment) GradientMoments(Tensor x, Tensor gradient, Tensor mean, Tensor scale, Tensor shift, double slope) =>
        IsSingle(x)
            ? NormalizationKernels<float>.GradientMoments(x, gradient, mean, scale, shift, slope)
            : NormalizationKernels<double>.GradientMoments(x, gradient, mean, scale, shift, slope);

    /// <summary>As of <see cref="NormalizationKernels{T}.InputGradient"/>.</summary>
    public static Tensor InputGradient(Tensor x, Tensor gradient, Tensor scale, Tensor shift, double slope, Tensor b, Tensor c) =>
        IsSingle(x)
            ? NormalizationKernels<float>.InputGradient(x, gradient, scale, shift, slope, b, c)
            : NormalizationKernels<double>.InputGradient(x, gradient, scale, shift, slope, b, c);

    private static bool IsSingle(Tensor x) => x.dtype == ScalarType.Float32;
}
