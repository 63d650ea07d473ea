using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible.Optimizers;

/// <summary>Stochastic gradient descent with momentum (Sutskever et al. 2013, in the form that PyTorch uses).</summary>
/// <param name="network">Stays the caller's.</param>
/// <param name="learningRate">The rate, at least 0.</param>
/// <param name="momentum">Decay of the sum of gradients, at least 0 and below 1; 0 remembers nothing.</param>
/// <param name="weightDecay">λ, at least 0: adds λ · parameter to the gradient.</param>
/// <param name="isNesterov">Whether the step looks ahead along the momentum, which then is above 0.</param>
/// <exception cref="ArgumentException">A number is out of its bounds, or Nesterov's step has no momentum.</exception>
public sealed class StochasticGradientDescent(Network network, double learningRate, double momentum = 0, double weightDecay = 0, bool isNesterov = false)
    : FlatOptimizer(network, learningRate, momentum == 0 ? [] : ["momentum_buffer"])
{
    private readonly double _momentum = Setting.Decay(momentum, nameof(momentum));
    private readonly double _weightDecay = Setting.NotNegative(weightDecay, nameof(weightDecay));
    private readonly bool _isNesterov = isNesterov && momentum == 0
        ? throw new ArgumentException("Nesterov's step needs a momentum above 0.", nameof(momentum))
        : isNesterov;

    /// <inheritdoc/>
    protected override void Update(Tensor values, Tensor gradient, IReadOnlyList<Tensor> moments, long count)
    {
        if (_weightDecay != 0)
        {
            using Scalar decay = _weightDecay.ToScalar();
            gradient.add_(values, decay);
        }

        Tensor direction = gradient;
        if (moments is [var buffer])
        {
            using Scalar momentum = _momentum.ToScalar(), one = 1.0.ToScalar();
            buffer.mul_(momentum).add_(gradient, one);
            direction = _isNesterov ? gradient.add_(buffer, momentum) : buffer;
        }

        using Scalar rate = (-LearningRate).ToScalar();
        values.add_(direction, rate);
    }
}
