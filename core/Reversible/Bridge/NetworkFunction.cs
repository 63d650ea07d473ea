using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>What autograd calls: arguments are the <see cref="NetworkNode"/>, its anchor, and the network's inputs.</summary>
internal sealed class NetworkFunction : autograd.MultiTensorFunction<NetworkFunction>
{
    private const string Key = "node";

    /// <inheritdoc/>
    public override string Name => nameof(NetworkFunction);

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.set_materialize_grads(false);
        ctx.save_data(Key, vars[0]);
        return ((NetworkNode)vars[0]).Forward();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        List<Tensor?> gradients = ((NetworkNode)ctx.get_data(Key)).Backward(grad_outputs);
        grad_outputs.ForEach(gradient => gradient.Dispose());
        return gradients!;
    }
}
