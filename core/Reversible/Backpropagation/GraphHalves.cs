using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// The two halves of a stack's channels (the paper's α and β) as part of one graph, in the type of the residual stream: the
/// reference of <see cref="Adjoints.CoupledHalves"/>.
/// </summary>
public sealed class GraphHalves : IDisposable
{
    private readonly ScalarType _type;

    private GraphHalves(Tensor input, int blocks, Execution execution)
    {
        _type = input.dtype;
        ScalarType type = ResidualStreamType.Of(execution.StreamType, blocks, _type);
        Execution = type == _type ? execution : execution with { FunctionType = _type };
        using Tensor stream = input.to(type);
        (Alpha, Beta) = Halves(stream);
    }

    /// <summary>The first half of the channels.</summary>
    public Activation Alpha { get; }

    /// <summary>The second half of the channels.</summary>
    public Activation Beta { get; }

    /// <summary>The run that the stack takes part in.</summary>
    public Execution Execution { get; }

    /// <summary>The halves of [batch, channels, …]; the number of channels is even.</summary>
    /// <param name="input">The stack's.</param>
    /// <param name="blocks">Of the stack.</param>
    /// <param name="execution">The run that it takes part in.</param>
    public static GraphHalves Split(Tensor input, int blocks, Execution execution) => new(input, blocks, execution);

    /// <summary>[batch, channels, …] in the input's type; the caller disposes it.</summary>
    public Tensor Join()
    {
        using Tensor joined = cat([Alpha.Value, Beta.Value], 1);
        return joined.to(_type);
    }

    /// <summary>Permutes the channels of both halves together.</summary>
    public void Permute(ChannelOrder order)
    {
        using Tensor joined = cat([Alpha.Value, Beta.Value], 1);
        using Tensor permuted = ChannelPermutation.Apply(joined, order);
        (Activation alpha, Activation beta) = Halves(permuted);
        Alpha.Replace(alpha.Release());
        Beta.Replace(beta.Release());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Alpha.Dispose();
        Beta.Dispose();
    }

    private static (Activation Alpha, Activation Beta) Halves(Tensor whole)
    {
        long half = whole.shape[1] / 2;
        return (new Activation(whole.narrow(1, 0, half)), new Activation(whole.narrow(1, half, half)));
    }
}
