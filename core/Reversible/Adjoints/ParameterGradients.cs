using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>Adding to the <c>grad</c> of parameters.</summary>
internal static class ParameterGradients
{
    private static readonly Scalar One = 1.0.ToScalar();

    /// <summary>Adds a gradient, whose handle is given up, to the parameter's.</summary>
    public static void Add(Parameter? parameter, Tensor gradient)
    {
        if (parameter is null || !parameter.requires_grad)
        {
            gradient.Dispose();
            return;
        }

        using Tensor? sum = parameter.grad;
        if (sum is not null)
        {
            sum.add_(gradient, One);
            gradient.Dispose();
            return;
        }

        // In the parameter's own order and type, as autograd leaves it.
        using (gradient)
        using (Tensor typed = gradient.to(parameter.dtype))
        using (Tensor own = typed.contiguous())
        {
            parameter.grad = own;
        }
    }
}
