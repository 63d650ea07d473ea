using Iqt.Reversible.Adjoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Activation = Iqt.Reversible.Activation;

namespace Iqt.Benchmarks;

/// <summary>The paper's network by hand: as an ordinary module with one graph, and with written-out adjoints.</summary>
internal sealed class HandEspcnRn : nn.Module<Tensor, Tensor>
{
    private static readonly ConvolutionAdjoint.Settings Kernel1 = new([1, 1, 1]);
    private static readonly ConvolutionAdjoint.Settings Kernel3 = new([3, 3, 3]);
    private static readonly Scalar One = 1.0.ToScalar();

    private readonly (HandBottleneck F, HandBottleneck G)[][] _stacks;
    private readonly Conv3d[] _convs;
    private readonly ConvolutionAdjoint[] _layers;
    private readonly ScalarType _type;
    private readonly ScalarType? _stream;

    public HandEspcnRn(int blocks, ScalarType type = ScalarType.Float32, ScalarType? convolutionType = null, ScalarType? stream = null) : base("espcn-rn")
    {
        _type = type;
        _stream = stream;
        int[] halves = [3, 25, 50];
        _stacks = [.. halves.Select(half => Enumerable.Range(0, blocks).Select(_ =>
            (new HandBottleneck(half, type, convolutionType), new HandBottleneck(half, type, convolutionType))).ToArray())];
        _convs = [nn.Conv3d(6, 50, 3L, dtype: type), nn.Conv3d(50, 100, 1L, dtype: type), nn.Conv3d(100, 48, 3L, dtype: type)];
        _layers = [new(_convs[0], Kernel3, convolutionType), new(_convs[1], Kernel1, convolutionType), new(_convs[2], Kernel3, convolutionType)];
        for (int s = 0; s < 3; s++)
        {
            register_module($"layer{s}", _convs[s]);
            for (int i = 0; i < blocks; i++)
            {
                register_module($"stack{s}_{i}_f", _stacks[s][i].F);
                register_module($"stack{s}_{i}_g", _stacks[s][i].G);
            }
        }
    }

    /// <summary>After a block's gradients are complete; its parameters' gradients may be taken away.</summary>
    public Action<HandBottleneck>? BlockDone { get; set; }

    /// <summary>One ordinary graph.</summary>
    public override Tensor forward(Tensor input)
    {
        using var x = new Activation(input.alias());
        for (int s = 0; s < 3; s++)
        {
            Tensor[] halves = x.Value.chunk(2, 1);
            using var alpha = new Activation(_stream is { } t ? halves[0].to(t) : halves[0]);
            using var beta = new Activation(_stream is { } u ? halves[1].to(u) : halves[1]);
            foreach ((HandBottleneck f, HandBottleneck g) in _stacks[s])
            {
                using (Tensor read = beta.Value.to(_type))
                using (Tensor residual = f.call(read))
                {
                    alpha.Replace(add(alpha, residual, One));
                }

                using (Tensor read = alpha.Value.to(_type))
                using (Tensor residual = g.call(read))
                {
                    beta.Replace(add(beta, residual, One));
                }
            }

            using Tensor joined = cat([alpha.Value, beta.Value], 1);
            x.Replace(joined.to(_type));
            x.Replace(_convs[s].call(x));
            if (s < 2)
            {
                x.Replace(nn.functional.relu(x));
            }
        }

        x.Replace(Reversible.VoxelShuffle.Apply(x, 2));
        return x.Release();
    }

    /// <summary>One step's gradients with written-out adjoints; <paramref name="kept"/> of the last blocks of each stack keep their activations.</summary>
    public double Step(Tensor input, Tensor target, int kept, int snapshotEvery = 0)
    {
        using IDisposable withoutGraph = no_grad();
        StackTapes[] tapes = [.. _stacks.Select(stack => new StackTapes(stack.Length, kept, snapshotEvery, type: _type))];
        var outputs = new Tensor[3]; // of the stacks
        try
        {
            using var x = new Activation(input.alias());
            for (int s = 0; s < 3; s++)
            {
                x.Replace(ForwardStack(s, x, tapes[s]));
                outputs[s] = x.Value.alias();
                x.Replace(_layers[s].Forward(x));
                if (s < 2)
                {
                    x.Value.relu_();
                }
            }

            x.Replace(Reversible.VoxelShuffle.Apply(x, 2));
            using var dx = new Activation(SquaredError(x, target, out double loss));
            x.Clear();
            dx.Replace(Reversible.VoxelShuffle.Invert(dx, 2));
            dx.Replace(MemoryLayout.ToChannelsLast(dx));
            for (int s = 2; s >= 0; s--)
            {
                if (s < 2)
                {
                    using Tensor rectified = _layers[s].Forward(outputs[s]);
                    rectified.relu_();
                    dx.Replace(RectifierAdjoint.Backward(rectified, dx));
                }

                dx.Replace(_layers[s].Backward(outputs[s], dx)!);
                BackwardStack(s, outputs, dx, tapes[s], s > 0);
            }

            return loss;
        }
        finally
        {
            foreach (StackTapes t in tapes)
            {
                t.Dispose();
            }

            foreach (Tensor o in outputs)
            {
                o?.Dispose();
            }
        }
    }

    private Tensor ForwardStack(int s, Tensor input, StackTapes tapes)
    {
        using var x = CoupledHalves.Split(input, _stream);
        for (int i = 0; i < _stacks[s].Length; i++)
        {
            tapes.Enter(i, x);
            AdditiveHalf.Forward(x.Alpha, _stacks[s][i].F, x.Beta, tapes[i].F);
            AdditiveHalf.Forward(x.Beta, _stacks[s][i].G, x.Alpha, tapes[i].G);
        }

        return x.Join(_type);
    }

    private void BackwardStack(int s, Tensor[] outputs, Activation gradient, StackTapes tapes, bool wantInputGradient)
    {
        using var x = CoupledHalves.Split(outputs[s], _stream);
        outputs[s].Dispose();
        using var dx = CoupledHalves.Split(gradient);
        gradient.Clear();
        for (int i = _stacks[s].Length - 1; i >= 0; i--)
        {
            AdditiveHalf.Backward(x.Beta, _stacks[s][i].G, x.Alpha, tapes[i].G, dx.Beta, dx.Alpha);
            AdditiveHalf.Backward(x.Alpha, _stacks[s][i].F, x.Beta, tapes[i].F, dx.Alpha, dx.Beta, wantInputGradient || i > 0);
            tapes.Leave(i, x);
            BlockDone?.Invoke(_stacks[s][i].F);
            BlockDone?.Invoke(_stacks[s][i].G);
        }

        if (wantInputGradient)
        {
            gradient.Replace(dx.Join());
        }
    }

    private static Tensor SquaredError(Tensor output, Tensor target, out double loss)
    {
        using Tensor difference = output.sub(target);
        using Tensor square = difference.square();
        using Tensor mean = square.mean();
        loss = mean.to(ScalarType.Float64).item<double>();
        using Scalar scale = (2.0 / output.numel()).ToScalar();
        return difference.mul(scale);
    }
}
