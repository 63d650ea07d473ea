using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <content>What a step begins with: inputs that fit, and the random numbers it draws.</content>
public abstract partial class Network
{
    private void CheckInputs(IReadOnlyList<Tensor> inputs)
    {
        if (inputs.Count != Inputs.Count)
        {
            throw new ArgumentException($"Network {NetworkName} has {Inputs.Count} inputs ({string.Join(", ", Inputs.Select(input => input.Name))}); {inputs.Count} were given.", nameof(inputs));
        }

        for (int i = 0; i < inputs.Count; i++)
        {
            CheckPlace(inputs[i], Inputs[i].Name);
            long[] shape = inputs[i].shape;
            string axes = Dimensions == 3 ? "[batch, channels, depth, height, width]" : "[batch, channels, height, width]";
            string? wrong =
                shape.Length != Dimensions + 2 ? $"{Dimensions + 2} dimensions {axes} are expected"
                : shape[1] != Inputs[i].Channels ? $"{Inputs[i].Channels} channels are expected"
                : null;
            if (wrong is not null)
            {
                throw Unfit(inputs[i], Inputs[i].Name, wrong);
            }
        }

        for (int axis = 2; axis < Dimensions + 2; axis++)
        {
            CheckAxis(inputs, axis);
        }
    }

    private void CheckPlace(Tensor input, string name)
    {
        if (parameters().FirstOrDefault() is { } own && (own.dtype != input.dtype || own.device_type != input.device_type || own.device_index != input.device_index))
        {
            throw new ArgumentException($"Network {NetworkName} has parameters of type {own.dtype} on {own.device}; its input ({name}) is of type {input.dtype} on {input.device}. Move the input or the network by to(…).");
        }
    }

    // Statistics of nothing are no numbers, and would stay in the running ones.
    private void CheckBatch(IReadOnlyList<Tensor> inputs)
    {
        if (inputs.Any(input => input.shape[0] == 0))
        {
            throw new ArgumentException($"Network {NetworkName} can't make a training step with an empty batch.", nameof(inputs));
        }
    }

    private void CheckAxis(IReadOnlyList<Tensor> inputs, int axis)
    {
        List<long> edges = [.. inputs.Select(input => input.shape[axis])];
        if (new NetworkSizes(this, edges).Misfit is not { } misfit)
        {
            return;
        }

        string remedy = NetworkSizes.Remedy(this, edges);
        throw Unfit(inputs[0], Inputs[0].Name, remedy.Length == 0 ? misfit : $"{misfit}; {remedy}");
    }

    private ArgumentException Unfit(Tensor tensor, string input, string wrong) =>
        new($"Network {NetworkName} can't take an input ({input}) of shape [{string.Join(", ", tensor.shape)}]: {wrong}.");

    // One number of the global generator decides over all random numbers of the step, so that a seed repeats a run and a
    // recomputation repeats a mask, whatever order the layers run in. A step without random numbers leaves the generator alone.
    private Execution NewExecution() =>
        RandomLayers.Any(layer => layer.Draws) ? Execution.New() : new Execution(IsFirst: true, Seed: 0);

    // TorchSharp lists a module twice that is both registered and the value of a field.
    private List<IRandomLayer> RandomLayers => _randomLayers ??= [.. modules().OfType<IRandomLayer>().Distinct()];

    private void NumberStreams()
    {
        for (int i = 0; i < RandomLayers.Count; i++)
        {
            RandomLayers[i].Stream = (ulong)i;
        }
    }
}
