using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Sets the parameters of a network to their start values.</summary>
public static class Initializer
{
    private const double StartSlope = 0.25; // He et al. 2015

    /// <summary>
    /// Convolutions: weights normal with variance 2 / fan-in (He et al. 2015, for rectifiers), biases zero.
    /// Normalisations: scale 1, shift 0. Learned slopes: 0.25. The same seed gives the same parameters, whatever they were;
    /// the global random state is neither read nor changed. Other parameters of a user's own modules stay as they are.
    /// </summary>
    public static void Apply(Network network, InitializationScheme scheme, ulong seed)
    {
        using IDisposable withoutGraph = no_grad();
        using Generator random = new(seed, CPU);
        foreach (nn.Module module in network.modules())
        {
            switch (module)
            {
                case Convolution convolution:
                    Normal(convolution.weight, random, Math.Sqrt(2.0 / FanIn(convolution)));
                    Fill(convolution.bias, 0);
                    break;
                case NormBase norm:
                    Fill(norm.weight, 1);
                    Fill(norm.bias, 0);
                    break;
                case GroupNorm norm:
                    Fill(norm.weight, 1);
                    Fill(norm.bias, 0);
                    break;
                case PReLU rectifier:
                    Fill(rectifier.weight, StartSlope);
                    break;
            }
        }

        if (scheme == InitializationScheme.Identity)
        {
            foreach (ResidualFunction function in network.modules().OfType<ResidualFunction>())
            {
                Fill(function.LastConvolution?.weight, 0);
                Fill(function.LastConvolution?.bias, 0);
            }
        }
    }

    /// <summary>
    /// Normal noise in every parameter, scales and zero-initialised convolutions too: gradient checks on
    /// special values prove nothing.
    /// </summary>
    public static void Randomize(Network network, ulong seed, double deviation = 0.2)
    {
        using IDisposable withoutGraph = no_grad();
        using Generator random = new(seed, CPU);
        foreach (Parameter parameter in network.parameters())
        {
            Normal(parameter, random, deviation);
        }
    }

    // Drawn on the CPU in float32 and copied, so that a seed means the same on every device and dtype.
    private static void Normal(Tensor parameter, Generator random, double deviation)
    {
        using Tensor drawn = randn(parameter.shape, dtype: ScalarType.Float32, generator: random);
        using Scalar scale = deviation.ToScalar();
        drawn.mul_(scale);
        parameter.copy_(drawn);
    }

    private static void Fill(Tensor? parameter, double value)
    {
        if (parameter is not null)
        {
            using Scalar scalar = value.ToScalar();
            parameter.fill_(scalar);
        }
    }

    private static long FanIn(Convolution convolution) =>
        convolution.in_channels / convolution.groups * convolution.kernel_size.Aggregate(1L, (product, edge) => product * edge);
}
