using Iqt.Reversible.Adjoints.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// Batch normalisation, alone or with the (leaky) rectifier behind it, as written-out operations: y =
/// max(s·(x − μ) + t, 0) with a mean μ, a scale s and a shift t per channel, and its textbook adjoint (Ioffe and Szegedy 2015).
/// Only the input has to be kept: <see cref="Forward"/> on it again gives the output back.
/// </summary>
/// <remarks>
/// The batch's mean and 1/√(variance + ε) go on the tape as a note, [2, channels]. A repeated run takes them from
/// there: it normalises by the very statistics of the first, costs no reduction, and leaves the running statistics
/// alone.
/// </remarks>
public sealed class NormalizedActivation
{
    private readonly BatchNorm _layer;
    private readonly double? _slope;
    private static readonly Scalar WholeOne = 1L.ToScalar();
    private readonly Scalar _one = 1.0.ToScalar();
    private readonly Scalar _epsilon;

    /// <param name="layer">The normalisation; parameters, running statistics and mode are read at every run.</param>
    /// <param name="slope">Of the activation for negative numbers: 0 for a ReLU, null for no activation.</param>
    public NormalizedActivation(BatchNorm layer, double? slope = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slope ?? 0, nameof(slope));
        _layer = layer;
        _slope = slope;
        _epsilon = layer.eps.ToScalar();
    }

    private bool UsesBatch => _layer.training || _layer.running_mean is null;

    /// <summary>Normalises and activates [batch, channels, …]; the caller disposes the result.</summary>
    public Tensor Forward(Tensor input, Tape tape)
    {
        using Tensor typed = input.to(_layer.weight?.dtype ?? input.dtype);
        using Tensor x = MemoryLayout.View(typed, out bool last);
        using Tensor statistics = Statistics(x, last, tape);
        using Tensor y = ChannelTiles.Fit(x, last)
            ? ChannelsLastNormalization.Apply(x, statistics, _layer, Slope)
            : Activated(x, statistics, last);
        return MemoryLayout.Shaped(y, typed, last);
    }

    /// <summary>Adds the gradients of weight and bias to their <c>grad</c>.</summary>
    /// <param name="input">What <see cref="Forward"/> read.</param>
    /// <param name="output">What it returned.</param>
    /// <param name="gradient">∂L/∂output; only read.</param>
    /// <param name="tape">The tape of that run.</param>
    /// <param name="wantInputGradient">Whether ∂L/∂input is computed.</param>
    /// <returns>∂L/∂input, which the caller disposes, or null.</returns>
    public Tensor? Backward(Tensor input, Tensor output, Tensor gradient, Tape tape, bool wantInputGradient = true)
    {
        using Tensor typed = input.to(output.dtype);
        using Tensor typedGradient = gradient.to(output.dtype);
        using Tensor x = MemoryLayout.View(typed, out bool last);
        using Tensor statistics = Statistics(x, last, tape);
        bool hasKernels = ChannelTiles.Fit(x, last);
        using Tensor through = hasKernels ? typedGradient.alias() : ThroughActivation(typedGradient, output);
        using Tensor ordered = last == MemoryLayout.IsChannelsLast(through) ? through.alias() : Reordered(through, last);
        using Tensor dy = MemoryLayout.View(ordered, out _);
        using Tensor? dx = hasKernels
            ? ChannelsLastNormalization.Backward(x, dy, statistics, _layer, Slope, UsesBatch, wantInputGradient)
            : Backward(x, dy, statistics, last, wantInputGradient);
        return dx is null ? null : MemoryLayout.Shaped(dx, typed, last);
    }

    // The adjoint of the normalisation alone.
    private Tensor? Backward(Tensor x, Tensor dy, Tensor statistics, bool last, bool wantInputGradient)
    {
        using Tensor mean = statistics[0];
        using Tensor inverse = statistics[1];

        // Per channel: m = mean of dy, and p = mean of dy·x̂ with x̂ = (x − mean)·inverse. From the centred x: Σ dy·x and
        // mean·Σ dy would cancel where the mean is large.
        using Tensor m = MemoryLayout.Mean(dy, last);
        using Tensor p = CentredMoment(x, dy, mean, last);
        p.mul_(inverse);
        using Scalar count = ((double)(x.numel() / mean.numel())).ToScalar();
        ParameterGradients.Add(_layer.bias, m.mul(count));
        ParameterGradients.Add(_layer.weight, p.mul(count));
        if (!wantInputGradient)
        {
            return null;
        }

        // dx = scale·(dy − m − x̂·p) = scale·dy + b·x + c; b is small, so nothing cancels here. Fixed statistics: scale·dy.
        using Tensor a = Scale(inverse);
        using Tensor negative = UsesBatch ? a.neg() : zeros_like(a);
        using Tensor b = negative.mul(inverse);
        b.mul_(p);
        using Tensor c = negative.mul(m);
        using Tensor offset = b.mul(mean);
        c.sub_(offset);
        using Tensor perChannel = MemoryLayout.PerChannel(a, last);
        using Tensor bView = MemoryLayout.PerChannel(b, last);
        using Tensor cView = MemoryLayout.PerChannel(c, last);
        Tensor dx = addcmul(cView, x, bView, _one);
        dx.addcmul_(dy, perChannel, _one);
        return dx;
    }

    // What the gradient and the numbers themselves are multiplied by below zero.
    private double Slope => _slope ?? 1;

    private static Tensor Reordered(Tensor tensor, bool last) => last ? MemoryLayout.ToChannelsLast(tensor) : tensor.contiguous();

    private Tensor ThroughActivation(Tensor gradient, Tensor output) =>
        _slope is not { } slope ? gradient.alias()
        : slope == 0 ? AtenOperators.RectifierBackward(gradient, output)
        : AtenOperators.LeakyRectifierBackward(gradient, output, slope);

    // [2, channels]: mean and 1/√(variance + ε).
    private Tensor Statistics(Tensor x, bool last, Tape tape)
    {
        if (tape.Note(this) is { } note)
        {
            return note.alias();
        }

        if (!UsesBatch)
        {
            using Tensor running = _layer.running_var!.add(_epsilon, _one);
            running.rsqrt_();
            return stack([_layer.running_mean!, running]);
        }

        (Tensor batchMean, Tensor batchVariance) = ChannelTiles.Fit(x, last) ? ChannelsLastNormalization.Moments(x) : Moments(x, last);
        using Tensor mean = batchMean, variance = batchVariance;
        if (!tape.Repeats && _layer.running_mean is not null)
        {
            UpdateRunning(mean, variance, x.numel() / mean.numel());
        }

        using Tensor inverse = variance.add(_epsilon, _one);
        inverse.rsqrt_();
        return tape.Note(this, stack([mean, inverse])).alias();
    }

    // The variance from the centred numbers: a mean of squares minus a squared mean would cancel.
    private static (Tensor Mean, Tensor Variance) Moments(Tensor x, bool last)
    {
        Tensor mean = MemoryLayout.Mean(x, last);
        using Tensor perChannel = MemoryLayout.PerChannel(mean, last);
        using Tensor square = x.sub(perChannel);
        square.mul_(square);
        return (mean, MemoryLayout.Mean(square, last));
    }

    private void UpdateRunning(Tensor mean, Tensor variance, long voxels)
    {
        Tensor? batches = _layer.num_batches_tracked;
        batches?.add_(WholeOne, WholeOne);
        double momentum = _layer.momentum ?? 1.0 / (batches?.item<long>() ?? 1);
        using Scalar share = momentum.ToScalar();
        using Scalar unbiased = ((double)voxels / Math.Max(1, voxels - 1)).ToScalar();
        using Tensor unbiasedVariance = variance.mul(unbiased);
        using Scalar rest = (1 - momentum).ToScalar();
        _layer.running_mean!.mul_(rest).add_(mean, share);
        _layer.running_var!.mul_(rest).add_(unbiasedVariance, share);
    }

    // Mean of dy·(x − mean).
    private static Tensor CentredMoment(Tensor x, Tensor dy, Tensor mean, bool last)
    {
        using Tensor perChannel = MemoryLayout.PerChannel(mean, last);
        using Tensor product = x.sub(perChannel);
        product.mul_(dy);
        return MemoryLayout.Mean(product, last);
    }

    private Tensor Scale(Tensor inverse) => _layer.weight is { } weight ? weight.mul(inverse) : inverse.alias();

    // s·x + t with t = bias − s·mean, as libtorch has it, through the activation.
    private Tensor Activated(Tensor x, Tensor statistics, bool last)
    {
        using Tensor mean = statistics[0];
        using Tensor inverse = statistics[1];
        using Tensor scale = Scale(inverse);
        using Tensor offset = mean.mul(scale);
        using Tensor shift = _layer.bias is { } bias ? bias.sub(offset) : offset.neg();
        using Tensor scaleView = MemoryLayout.PerChannel(scale, last);
        using Tensor shiftView = MemoryLayout.PerChannel(shift, last);
        Tensor y = addcmul(shiftView, x, scaleView, _one);
        if (_slope == 0)
        {
            y.relu_();
        }
        else if (_slope is not null)
        {
            nn.functional.leaky_relu(y, (double)_slope, inplace: true);
        }

        return y;
    }
}
