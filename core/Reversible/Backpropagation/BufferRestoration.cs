using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// Buffers of modules that know nothing of recomputation, as they were before it. They can be put back only behind the
/// backward pass through the recomputed graph: autograd refuses a graph whose tensors were written to.
/// </summary>
public sealed class BufferRestoration : IDisposable
{
    private readonly List<(Tensor Buffer, Tensor Before)> _saved = [];

    /// <summary>Remembers the buffers of a module.</summary>
    internal void Save(nn.Module module) =>
        _saved.AddRange(module.named_buffers().Select(named => (named.buffer, named.buffer.clone())));

    /// <summary>Puts everything back, first saved last.</summary>
    public void Dispose()
    {
        using IDisposable withoutGraph = no_grad();
        foreach ((Tensor buffer, Tensor before) in Enumerable.Reverse(_saved))
        {
            buffer.copy_(before);
            before.Dispose();
        }

        _saved.Clear();
    }
}
