using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible.Optimizers;

/// <summary>Adam (Kingma and Ba 2015), and with decoupled weight decay AdamW (Loshchilov and Hutter 2019).</summary>
/// <param name="network">Stays the caller's.</param>
/// <param name="learningRate">The rate, at least 0.</param>
/// <param name="beta1">Decay of the mean of gradients, at least 0 and below 1.</param>
/// <param name="beta2">Decay of the mean of their squares, in the same bounds.</param>
/// <param name="epsilon">Added to the root of the latter; at least 0.</param>
/// <param name="weightDecay">λ, at least 0: adds λ · parameter to the gradient, or takes rate · λ · parameter from the parameter itself.</param>
/// <param name="isDecoupled">Whether the decay is the latter, as in AdamW.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of its bounds.</exception>
public sealed class Adam(Network network, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool isDecoupled = false)
    : FlatOptimizer(network, learningRate, ["exp_avg", "exp_avg_sq"])
{
    private readonly double _beta1 = Setting.Decay(beta1, nameof(beta1));
    private readonly double _beta2 = Setting.Decay(beta2, nameof(beta2));
    private readonly double _epsilon = Setting.NotNegative(epsilon, nameof(epsilon));
    private readonly double _weightDecay = Setting.NotNegative(weightDecay, nameof(weightDecay));
    private readonly bool _isDecoupled = isDecoupled;

    /// <inheritdoc/>
    protected override void Update(Tensor values, Tensor gradient, IReadOnlyList<Tensor> moments, long count)
    {
        (Tensor mean, Tensor square) = (moments[0], moments[1]);
        if (_weightDecay != 0)
        {
            using Scalar decay = (_isDecoupled ? 1 - LearningRate * _weightDecay : _weightDecay).ToScalar();
            _ = _isDecoupled ? values.mul_(decay) : gradient.add_(values, decay);
        }

        using Scalar beta1 = _beta1.ToScalar(), rest1 = (1 - _beta1).ToScalar();
        using Scalar beta2 = _beta2.ToScalar(), rest2 = (1 - _beta2).ToScalar();
        mean.mul_(beta1).add_(gradient, rest1);
        square.mul_(beta2).addcmul_(gradient, gradient, rest2);

        // The gradient's memory serves for √(square / correction) + ε.
        using Scalar correction = Math.Sqrt(1 - Math.Pow(_beta2, count)).ToScalar();
        using Scalar epsilon = _epsilon.ToScalar();
        using Scalar rate = (-LearningRate / (1 - Math.Pow(_beta1, count))).ToScalar();
        Tensor denominator = gradient.copy_(square);
        denominator.sqrt_().div_(correction).add_(epsilon);
        values.addcdiv_(mean, denominator, rate);
    }
}
