using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>A forward pass as one autograd graph, the reference for the other modes (the paper's Naive).</summary>
internal sealed class SingleGraphPass : ForwardPass
{
    private readonly Tensor _input;

    public SingleGraphPass(Func<Tensor, Execution, Tensor> graph, Tensor input)
    {
        _input = input.detach().requires_grad_(true);
        try
        {
            using IDisposable gradients = enable_grad();
            Complete(graph(_input, Execution.First));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    protected override Tensor? BackwardSegments(Tensor outputGradient, bool wantInputGradient, bool retainCaches)
    {
        autograd.backward([Output], [outputGradient], retain_graph: retainCaches);
        return wantInputGradient ? _input.TakeGradient() : null;
    }

    protected override void FreeCaches() => _input.Dispose();
}
