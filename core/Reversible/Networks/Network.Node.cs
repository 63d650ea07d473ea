using Iqt.Reversible.Adjoints;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <content>The network within a graph of the user's.</content>
public abstract partial class Network
{
    /// <summary>
    /// The forward pass as one node of an ordinary autograd graph, for training loops that call <c>loss.backward()</c> and behind
    /// it <see cref="NetworkNode.EndBackward"/>, which throws what went wrong. The caller disposes the node.
    /// </summary>
    /// <param name="input">Part of the graph if it requires a gradient.</param>
    /// <param name="mode">Any but one graph.</param>
    /// <param name="options">How else the step is computed.</param>
    /// <param name="retainCaches">Whether <c>backward</c> will be called more than once.</param>
    /// <exception cref="ArgumentException">One graph was asked for, or the input's shape does not fit.</exception>
    public NetworkNode AsNode(Tensor input, BackpropagationMode mode = BackpropagationMode.Reversible, StepOptions? options = null, bool retainCaches = false) =>
        new(this, [input], mode, options, retainCaches);
}
