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
