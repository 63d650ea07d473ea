using Iqt.Reversible.Adjoints.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// A convolution of any kind (2D, 3D, strided, dilated, grouped, transposed) and its adjoint without a graph.
/// The adjoint needs the input only. A 1×1×1 convolution of channels-last tensors is a product of matrices.
/// </summary>
/// <remarks>
/// In mixed precision only the convolution itself is in <see cref="Tape.ConvolutionType"/>: what goes in and comes out has the
/// type of the input, so that residual streams and sums of gradients keep all their digits.
/// </remarks>
public sealed class ConvolutionAdjoint
{
    private readonly Convolution _layer;
    private readonly Settings _settings;

    /// <param name="layer">The layer; its parameters are read at every run.</param>
    /// <param name="dimensions">Spatial axes; the numbers that follow hold for each.</param>
    /// <param name="kernel">Edge of the kernel.</param>
    /// <param name="stride">Steps.</param>
    /// <param name="padding">Zeros at each side.</param>
    /// <param name="dilation">Distance between the kernel's voxels.</param>
    /// <param name="groups">Groups of channels that do not mix.</param>
    /// <param name="transposed">Whether it is a transposed convolution.</param>
    /// <param name="outputPadding">Of a transposed convolution: extra voxels at the far side.</param>
    public ConvolutionAdjoint(
        Convolution layer, int dimensions, long kernel, long stride = 1, long padding = 0, long dilation = 1, long groups = 1, bool transposed = false, long outputPadding = 0)
    {
        long[] Every(long value) => [.. Enumerable.Repeat(value, dimensions)];
        _layer = layer;
        _settings = new Settings(Every(kernel), Every(stride), Every(padding), Every(dilation), groups, transposed, Every(outputPadding));
    }

    /// <summary>The convolution; the caller disposes the result. Without a graph where gradients are disabled.</summary>
    /// <param name="input">[batch, channels, …], in any memory layout; the result has the same.</param>
    /// <param name="tape">Says in which type to convolve.</param>
    public Tensor Forward(Tensor input, Tape tape)
    {
        bool isProduct = _settings.IsPointwise && get_num_threads() == 1 && MemoryLayout.IsChannelsLast(input);
        return (tape.ConvolutionType, isProduct) switch
        {
            (null, false) => _layer.call(input),
            (null, true) => Product(input, _layer.weight!, _layer.bias),
            ({ } type, false) => Converted(input, type, _settings.Apply),
            ({ } type, true) => Converted(input, type, Product),
        };
    }

    /// <summary>The convolution as a part of an autograd graph; the caller disposes the result.</summary>
    /// <param name="input">[batch, channels, …].</param>
    /// <param name="execution">Says in which type to convolve.</param>
    public Tensor Apply(Tensor input, Execution execution) =>
        execution.ConvolutionType is { } type ? Converted(input, type, _settings.Apply) : _layer.call(input);

    private Tensor Converted(Tensor input, ScalarType type, Func<Tensor, Tensor, Tensor?, Tensor> convolve)
    {
        using Tensor x = input.to(type);
        using Tensor w = _layer.weight!.to(type);
        using Tensor? b = _layer.bias?.to(type);
        return Typed(convolve(x, w, b), input.dtype);
    }

    private static Tensor Typed(Tensor result, ScalarType type)
    {
        using (result)
        {
            return result.to(type); // a second handle if it has that type
        }
    }

    // A 1×1×1 convolution is a matrix product of every voxel's channels. With one thread libtorch would leave channels-last
    // order for it, and for every convolution behind it (ConvParams::use_mkldnn); with more its own kernel is faster.
    private static Tensor Product(Tensor x, Tensor w, Tensor? b)
    {
        using Tensor view = MemoryLayout.View(x, out _);
        using Tensor matrix = w.view(w.shape[0], w.shape[1]);
        using Tensor y = nn.functional.linear(view, matrix, b);
        long[] shape = [x.shape[0], w.shape[0], .. x.shape[2..]];
        long[] strides = [.. x.stride().Select(stride => stride / x.shape[1] * w.shape[0])];
        strides[1] = 1;
        return y.as_strided(shape, strides);
    }

    /// <summary>Adds the gradients of weight and bias to their <c>grad</c>.</summary>
    /// <param name="input">What <see cref="Forward"/> read.</param>
    /// <param name="gradient">∂L/∂output; only read.</param>
    /// <param name="tape">The tape of that run.</param>
    /// <param name="wantInputGradient">Whether ∂L/∂input is computed.</param>
    /// <returns>∂L/∂input, which the caller disposes, or null.</returns>
    public Tensor? Backward(Tensor input, Tensor gradient, Tape tape, bool wantInputGradient = true)
    {
        ScalarType type = tape.ConvolutionType ?? input.dtype;
        using Tensor x = input.to(type);
        using Tensor typed = gradient.to(type);

        // A loss hands on its gradient in channels-first order, whatever the output's was.
        bool isProduct = _settings.IsPointwise && MemoryLayout.IsChannelsLast(x);
        using Tensor dy = isProduct ? MemoryLayout.ToChannelsLast(typed) : typed.alias();
        using Tensor w = _layer.weight!.to(type);
        if (_layer.bias is { } bias)
        {
            using Tensor view = MemoryLayout.View(gradient, out bool last);
            ParameterGradients.Add(bias, ChannelTiles.Fit(view, last) ? ChannelSums.Of(view) : MemoryLayout.Sum(view, last));
        }

        return isProduct && MemoryLayout.IsChannelsLast(dy)
            ? BackwardPointwise(x, dy, w, input.dtype, wantInputGradient)
            : BackwardGeneral(x, dy, w, input.dtype, wantInputGradient);
    }

    private Tensor? BackwardPointwise(Tensor x, Tensor dy, Tensor w, ScalarType type, bool wantInputGradient)
    {
        using Tensor xm = MemoryLayout.View(x, out _);
        using Tensor dm = MemoryLayout.View(dy, out _);
        using Tensor wm = w.view(w.shape[0], w.shape[1]);
        using (Tensor dmt = dm.t())
        using (Tensor dw = dmt.mm(xm))
        {
            ParameterGradients.Add(_layer.weight, dw.view(w.shape));
        }

        if (!wantInputGradient)
        {
            return null;
        }

        using Tensor dx = dm.mm(wm);
        return Typed(MemoryLayout.Shaped(dx, x, last: true), type);
    }

    private Tensor? BackwardGeneral(Tensor x, Tensor dy, Tensor w, ScalarType type, bool wantInputGradient)
    {
        if (!wantInputGradient)
        {
            ParameterGradients.Add(_layer.weight, (Tensor)_settings.Adjoint.invoke("weight", dy, x, w));
            return null;
        }

        var (dx, dw) = ((Tensor, Tensor))_settings.Adjoint.invoke("both", dy, x, w);
        ParameterGradients.Add(_layer.weight, dw);
        return Typed(dx, type);
    }

    /// <summary>How a convolution convolves; each array has one number a spatial axis.</summary>
    public sealed record Settings
    {
        private readonly Lazy<jit.CompilationUnit> _adjoint;

        /// <param name="kernel">Edges of the kernel.</param>
        /// <param name="stride">Steps.</param>
        /// <param name="padding">Zeros at each side.</param>
        /// <param name="dilation">Distance between the kernel's voxels.</param>
        /// <param name="groups">Groups of channels that do not mix.</param>
        /// <param name="transposed">Whether it is a transposed convolution.</param>
        /// <param name="outputPadding">Of a transposed convolution: extra voxels at the far side.</param>
        public Settings(long[] kernel, long[]? stride = null, long[]? padding = null, long[]? dilation = null, long groups = 1, bool transposed = false, long[]? outputPadding = null)
        {
            int axes = kernel.Length;
            Stride = stride ?? Every(axes, 1);
            Padding = padding ?? Every(axes, 0);
            Dilation = dilation ?? Every(axes, 1);
            OutputPadding = outputPadding ?? Every(axes, 0);
            Groups = groups;
            Transposed = transposed;
            IsPointwise = !transposed && groups == 1 && kernel.All(k => k == 1) && Stride.All(s => s == 1) && Padding.All(p => p == 0);
            _adjoint = new(() => AtenOperators.Convolution(Stride, Padding, Dilation, Transposed, OutputPadding, Groups));
        }

        /// <summary>Steps.</summary>
        public long[] Stride { get; }

        /// <summary>Zeros at each side.</summary>
        public long[] Padding { get; }

        /// <summary>Distance between the kernel's voxels.</summary>
        public long[] Dilation { get; }

        /// <summary>Extra voxels at the far side of a transposed convolution.</summary>
        public long[] OutputPadding { get; }

        /// <summary>Groups of channels that do not mix.</summary>
        public long Groups { get; }

        /// <summary>Whether it is a transposed convolution.</summary>
        public bool Transposed { get; }

        /// <summary>Whether each output voxel depends on one input voxel only.</summary>
        public bool IsPointwise { get; }

        internal jit.CompilationUnit Adjoint => _adjoint.Value;

        internal Tensor Apply(Tensor x, Tensor w, Tensor? b) => (Transposed, Stride.Length) switch
        {
            (false, 2) => nn.functional.conv2d(x, w, b, Stride, Padding, Dilation, Groups),
            (false, _) => nn.functional.conv3d(x, w, b, Stride, Padding, Dilation, Groups),
            (true, 2) => nn.functional.conv_transpose2d(x, w, b, Stride, Padding, OutputPadding, Dilation, Groups),
            (true, _) => nn.functional.conv_transpose3d(x, w, b, Stride, Padding, OutputPadding, Dilation, Groups),
        };

        private static long[] Every(int axes, long value) => [.. Enumerable.Repeat(value, axes)];
    }
}
