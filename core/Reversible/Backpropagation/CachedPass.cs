using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Runs a segment as one autograd graph; where gradients are disabled it frees as it goes.</summary>
/// <param name="input">The segment's input; not changed.</param>
/// <param name="execution">Whether this is the segment's first run in the step.</param>
public delegate Tensor SegmentFunction(Tensor input, Execution execution);

/// <summary>
/// A forward pass that ran segment by segment without a graph and keeps activations between segments.
/// Generated passes derive from it.
/// </summary>
public abstract class CachedPass : ForwardPass
{
    private readonly List<ActivationCache> _caches = [];

    /// <summary>Makes an empty place for an activation; it is freed with the pass.</summary>
    protected ActivationCache Cache()
    {
        var cache = new ActivationCache();
        _caches.Add(cache);
        return cache;
    }

    /// <summary>Runs the forward pass; on an exception everything is freed.</summary>
    protected void Start(Tensor input, Func<Tensor, Tensor> forward)
    {
        try
        {
            using IDisposable withoutGraph = no_grad();
            Complete(forward(input));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// The gradient of a segment that is run again from its cached input, with a graph of its own (the
    /// paper's Fig. 3c). Adds the gradients of its parameters to their <c>grad</c>.
    /// </summary>
    /// <param name="segment">The segment.</param>
    /// <param name="input">Its cached input; not changed.</param>
    /// <param name="gradient">∂L/∂output; replaced by ∂L/∂input, or emptied if that is not wanted.</param>
    /// <param name="wantInputGradient">Whether ∂L/∂input is computed.</param>
    protected static void Recompute(SegmentFunction segment, Tensor input, Activation gradient, bool wantInputGradient = true)
    {
        using Tensor leaf = input.detach().requires_grad_(wantInputGradient);
        using (enable_grad())
        {
            using Tensor output = segment(leaf, Execution.Repeated);
            if (output.requires_grad) // not so for a segment without parameters whose input gradient nobody wants
            {
                autograd.backward([output], [gradient]);
            }
        }

        if (wantInputGradient)
        {
            gradient.Replace(leaf.TakeGradient());
        }
        else
        {
            gradient.Clear();
        }
    }

    /// <inheritdoc/>
    protected override void FreeCaches() => _caches.ForEach(cache => cache.Free());
}
