using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>A forward pass as one autograd graph, the reference for the other modes (the paper's Naive).</summary>
internal sealed class SingleGraphPass : ForwardPass
{
    private readonly Tensor[] _inputs;

    public SingleGraphPass(Func<IReadOnlyList<Tensor>, Execution, Tensor[]> graph, IReadOnlyList<Tensor> inputs, Execution execution)
    {
        _inputs = [.. inputs.Select(input => input.detach().requires_grad_(true))];
        try
        {
            using IDisposable gradients = enable_grad();
            foreach (Tensor output in graph(_inputs, execution))
            {
                AddOutput(output);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// A step with the loss in the same graph: the output lives on only where the loss saved it, its gradient until it is read, and
    /// no gradient of an input is computed. A loss that is not accepted ends the step there.
    /// </summary>
    /// <returns>The loss, detached; the caller disposes it.</returns>
    public static Tensor Backpropagate(
        Func<IReadOnlyList<Tensor>, Execution, Tensor[]> graph, IReadOnlyList<Tensor> inputs, Execution execution, Func<IReadOnlyList<Tensor>, Tensor> loss, Predicate<Tensor>? accept)
    {
        Tensor[] data = [.. inputs.Select(input => input.detach())];
        Tensor[] outputs = [];
        try
        {
            using IDisposable gradients = enable_grad();
            outputs = graph(data, execution);
            // An output behind no parameter that learns stands in no graph; whether the loss depends on it is asked all the same.
            foreach (Tensor output in outputs.Where(output => !output.requires_grad))
            {
                output.requires_grad_(true);
            }

            using Tensor value = StepLoss.Of(loss, outputs);
            Free(outputs);
            if (accept?.Invoke(value) == false)
            {
                return value.detach();
            }

            value.backward();
            return value.detach();
        }
        finally
        {
            Free(outputs);
            Free(data);
        }
    }

    private static void Free(Tensor[] tensors) => Array.ForEach(tensors, tensor => tensor.Dispose());

    protected override IReadOnlyList<Tensor> BackwardOutputs(IReadOnlyList<Tensor?> outputGradients, bool wantInputGradients, bool retainCaches)
    {
        var differentiated = Outputs.Zip(outputGradients).Where(pair => pair.Second is not null).ToList();
        autograd.backward([.. differentiated.Select(pair => pair.First)], [.. differentiated.Select(pair => pair.Second!)], retain_graph: retainCaches);
        Tensor[] gradients = wantInputGradients ? [.. _inputs.Select(input => input.TakeGradient())] : [];
        Array.ForEach(_inputs, input => input.grad = null); // a second backward pass starts from nothing
        return gradients;
    }

    protected override void FreeCaches() => Array.ForEach(_inputs, input => input.Dispose());
}
