using Iqt.Reversible.Adjoints;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Benchmarks;

/// <summary>The bottleneck by hand: as an ordinary module, and with the adjoint that the generator shall write.</summary>
internal sealed class HandBottleneck : nn.Module<Tensor, Tensor>, IAdjointFunction
{
    private static readonly ConvolutionAdjoint.Settings Kernel1 = new([1, 1, 1]);
    private static readonly ConvolutionAdjoint.Settings Kernel3 = new([3, 3, 3], padding: [1, 1, 1]);

    private readonly NormalizedActivation _reduceNorm;
    private readonly ConvolutionAdjoint _reduceConv;
    private readonly NormalizedActivation _spatialNorm;
    private readonly ConvolutionAdjoint _spatialConv;
    private readonly NormalizedActivation _expandNorm;
    private readonly ConvolutionAdjoint _expandConv;
    private readonly nn.Module<Tensor, Tensor> _graph;

    public HandBottleneck(int channels, ScalarType type, ScalarType? convolutionType) : base("Bottleneck")
    {
        BatchNorm3d norm1 = nn.BatchNorm3d(channels, dtype: type), norm2 = nn.BatchNorm3d(channels, dtype: type), norm3 = nn.BatchNorm3d(channels, dtype: type);
        Conv3d conv1 = nn.Conv3d(channels, channels, 1L, dtype: type), conv2 = nn.Conv3d(channels, channels, 3L, padding: 1L, dtype: type), conv3 = nn.Conv3d(channels, channels, 1L, dtype: type);
        _graph = nn.Sequential(norm1, nn.ReLU(), conv1, norm2, nn.ReLU(), conv2, norm3, nn.ReLU(), conv3);
        register_module("layers", _graph);
        _reduceNorm = new NormalizedActivation(norm1);
        _reduceConv = new ConvolutionAdjoint(conv1, Kernel1, convolutionType);
        _spatialNorm = new NormalizedActivation(norm2);
        _spatialConv = new ConvolutionAdjoint(conv2, Kernel3, convolutionType);
        _expandNorm = new NormalizedActivation(norm3);
        _expandConv = new ConvolutionAdjoint(conv3, Kernel1, convolutionType);
    }

    public override Tensor forward(Tensor input) => _graph.call(input);

    public Tensor Run(Tensor input, Tape tape)
    {
        // Reduce: BatchNorm, ReLU, Conv3d kernel 1
        using var x = new Reversible.Activation(_reduceNorm.Forward(input, tape));
        x.Replace(_reduceConv.Forward(x));
        tape.Keep(_reduceConv, x);

        // Spatial: BatchNorm, ReLU, Conv3d kernel 3 padding 1
        x.Replace(_spatialNorm.Forward(x, tape));
        x.Replace(_spatialConv.Forward(x));
        tape.Keep(_spatialConv, x);

        // Expand: BatchNorm, ReLU, Conv3d kernel 1
        x.Replace(_expandNorm.Forward(x, tape));
        x.Replace(_expandConv.Forward(x));
        return x.Release();
    }

    public Tensor? Backward(Tensor input, Tape tape, Tensor gradient, bool wantInputGradient)
    {
        using var dx = new Reversible.Activation(gradient.alias());

        // Expand: its convolution's input is computed again from the output of Spatial
        using (Tensor spatial = tape.Take(_spatialConv))
        using (Tensor rectified = _expandNorm.Forward(spatial, tape))
        {
            dx.Replace(_expandConv.Backward(rectified, dx)!);
            dx.Replace(_expandNorm.Backward(spatial, rectified, dx, tape)!);
        }

        // Spatial
        using (Tensor reduced = tape.Take(_reduceConv))
        using (Tensor rectified = _spatialNorm.Forward(reduced, tape))
        {
            dx.Replace(_spatialConv.Backward(rectified, dx)!);
            dx.Replace(_spatialNorm.Backward(reduced, rectified, dx, tape)!);
        }

        // Reduce
        using (Tensor rectified = _reduceNorm.Forward(input, tape))
        {
            dx.Replace(_reduceConv.Backward(rectified, dx)!);
            return _reduceNorm.Backward(input, rectified, dx, tape, wantInputGradient);
        }
    }
}
