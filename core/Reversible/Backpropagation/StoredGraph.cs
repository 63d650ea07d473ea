using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>The autograd graph of one segment, from a leaf in the place of its input to its output.</summary>
internal sealed class StoredGraph : IDisposable
{
    private readonly Tensor _leaf;
    private readonly Tensor _output;

    private StoredGraph(Tensor leaf, Tensor output)
    {
        _leaf = leaf;
        _output = output;
    }

    /// <summary>The output without its graph; the caller disposes it.</summary>
    public Tensor Value => _output.detach();

    /// <summary>Runs a segment with a graph.</summary>
    public static StoredGraph Record(SegmentFunction segment, Tensor input, Execution execution, bool wantsInputGradient)
    {
        Tensor leaf = input.detach().requires_grad_(wantsInputGradient);
        try
        {
            using IDisposable gradients = enable_grad();
            return new StoredGraph(leaf, segment(leaf, execution));
        }
        catch
        {
            leaf.Dispose();
            throw;
        }
    }

    /// <summary>Adds the gradients of the segment's parameters to their <c>grad</c>.</summary>
    /// <returns>∂L/∂input, which the caller disposes; null if it is not wanted.</returns>
    public Tensor? Backward(Tensor outputGradient, bool retain)
    {
        if (_output.requires_grad) // not so for a segment without parameters whose input gradient nobody wants
        {
            autograd.backward([_output], [outputGradient], retain_graph: retain);
        }

        if (!_leaf.requires_grad)
        {
            return null;
        }

        Tensor gradient = _leaf.TakeGradient();
        _leaf.grad = null; // a second backward pass starts from nothing
        return gradient;
    }

    public void Dispose()
    {
        _leaf.Dispose();
        _output.Dispose();
    }
}
