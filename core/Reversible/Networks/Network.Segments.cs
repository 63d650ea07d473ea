using Iqt.Reversible.Adjoints;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <content>Single segments, outside of a training step: their modules, running one, and the way back.</content>
public abstract partial class Network
{
    /// <summary>The module that holds the parameters of a segment; null if it has none.</summary>
    internal nn.Module? SegmentModule(string segment)
    {
        string name = ModuleName(segment);
        return named_children().Where(child => child.name == name).Select(child => child.module).FirstOrDefault();
    }

    /// <summary>What <see cref="StepOptions.GradientsComplete"/> is called with: blocks, and segments of layers, by the prefix of their parameters' names.</summary>
    internal IEnumerable<(string Name, nn.Module Module)> UpdatedModules() =>
        from segment in Segments
        let module = SegmentModule(segment.Name)
        where module is not null
        from updated in segment.Kind == SegmentKind.Stack
            ? module.named_children().Select(block => ($"{ModuleName(segment.Name)}.{block.name}", block.module))
            : [(ModuleName(segment.Name), module)]
        select updated;

    /// <summary>Runs one stack or rearrangement forwards without a graph, as the forward pass of a step does.</summary>
    /// <param name="name">The segment's declared name.</param>
    /// <param name="input">[batch, channels, …]; not changed.</param>
    /// <returns>The segment's output, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The network has no such stack or rearrangement.</exception>
    public virtual Tensor RunSegment(string name, Tensor input) => throw NotInvertible(name);

    /// <summary>The input of a stack or rearrangement, computed from its output; running statistics stay as they are.</summary>
    /// <param name="name">The segment's declared name.</param>
    /// <param name="output">[batch, channels, …]; not changed.</param>
    /// <returns>The segment's input, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The network has no such stack or rearrangement.</exception>
    public virtual Tensor InvertSegment(string name, Tensor output) => throw NotInvertible(name);

    /// <summary>Whether every segment can be inverted, so that <see cref="Inverse"/> gives the input back.</summary>
    public virtual bool IsInvertible => false;

    /// <summary>The input of the whole network, computed from its output; the caller disposes it.</summary>
    /// <exception cref="NotSupportedException">A segment is not invertible.</exception>
    public virtual Tensor Inverse(Tensor output) =>
        throw new NotSupportedException($"Network {NetworkName} has segments that can't be inverted: {string.Join(", ", Segments.Where(s => s.Kind == SegmentKind.Layers).Select(s => s.Name))}.");

    /// <summary>Runs a function with gradients disabled, outside of any training step.</summary>
    protected static Tensor WithoutGraph(Func<Tensor, Tensor> function, Tensor input)
    {
        using IDisposable withoutGraph = no_grad();
        return function(input);
    }

    /// <summary>
    /// Runs a stack in either direction on the halves of a tensor, outside of any training step. A tensor of another type than
    /// the parameters' is a residual stream of that type.
    /// </summary>
    protected Tensor OnHalves(StackRun stack, int blocks, Tensor tensor, bool repeats)
    {
        NumberStreams();
        using IDisposable withoutGraph = no_grad();
        ScalarType function = parameters().FirstOrDefault()?.dtype ?? tensor.dtype;
        using var tapes = new StackTapes(
            blocks, kept: 0, StepOptions.Default with { Execution = new Execution(IsFirst: true, Seed: 0) }, function == tensor.dtype ? null : function);
        if (repeats)
        {
            tapes.BeginInversion();
        }

        using CoupledHalves x = CoupledHalves.Split(tensor);
        stack(x, tapes);
        return x.Join();
    }

    /// <summary>The name that generated code registers a segment's layers under: its own with a small first letter.</summary>
    internal static string ModuleName(string segment) => char.ToLowerInvariant(segment[0]) + segment[1..];

    private ArgumentException NotInvertible(string name) =>
        new($"Network {NetworkName} has no stack or rearrangement '{name}'.", nameof(name));
}
