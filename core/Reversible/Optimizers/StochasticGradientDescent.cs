using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible.Optimizers;

/// <summary>Stochastic gradient descent with momentum (Sutskever et al. 2013, in the form that PyTorch uses).</summary>
public sealed class StochasticGradientDescent : FlatOptimizer
{
    private readonly double _momentum;
    private readonly double _weightDecay;
    private readonly bool _isNesterov;

    /// <param name="network">Stays the caller's.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="momentum">Decay of the sum of gradients; 0 remembers nothing.</param>
    /// <param name="weightDecay">λ: adds λ · parameter to the gradient.</param>
    /// <param name="isNesterov">Whether the step looks ahead along the momentum.</param>
    public StochasticGradientDescent(Network network, double learningRate, double momentum = 0, double weightDecay = 0, bool isNesterov = false)
        : base(network, learningRate, momentum == 0 ? [] : ["momentum_buffer"])
    {
        if (isNesterov && momentum == 0)
        {
            throw new ArgumentException("Nesterov's step needs a momentum above 0.", nameof(momentum));
        }

        _momentum = momentum;
        _weightDecay = weightDecay;
        _isNesterov = isNesterov;
    }

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
