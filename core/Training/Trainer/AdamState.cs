using Iqt.Diffusion;
using Iqt.Reversible;
using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace Iqt.Training;

/// <summary>Adam's moments and steps as entries of a file, named after the parameters they belong to.</summary>
internal static class AdamState
{
    private const string First = ResumptionState.Prefix + "first.", Second = ResumptionState.Prefix + "second.", Step = ResumptionState.Prefix + "step.";

    public static IReadOnlyList<SafetensorsEntry> Capture(Adam adam, Network network)
    {
        var entries = new List<SafetensorsEntry>();
        foreach ((string name, Adam.State state) in States(adam, network))
        {
            entries.Add(TensorEntry.Of(First + name, state.exp_avg));
            entries.Add(TensorEntry.Of(Second + name, state.exp_avg_sq));
            entries.Add(new SafetensorsEntry(Step + name, SafetensorsType.I64, [], BitConverter.GetBytes(state.step)));
        }

        return entries;
    }

    /// <exception cref="DataException">An entry is missing or of another shape.</exception>
    public static void Restore(Adam adam, Network network, IReadOnlyList<SafetensorsEntry> entries, string name)
    {
        Dictionary<string, SafetensorsEntry> byName = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        foreach ((string parameter, Adam.State state) in States(adam, network))
        {
            TensorEntry.CopyTo(Find(First + parameter, state.exp_avg.shape), state.exp_avg);
            TensorEntry.CopyTo(Find(Second + parameter, state.exp_avg_sq.shape), state.exp_avg_sq);
            state.step = BitConverter.ToInt64(Find(Step + parameter, []).Data);
        }

        SafetensorsEntry Find(string key, long[] shape) =>
            byName.TryGetValue(key, out SafetensorsEntry? entry) && entry.Shape.AsSpan().SequenceEqual(shape)
                ? entry
                : throw new DataException($"{name}: holds no {key} of shape [{string.Join(", ", shape)}], which the optimiser needs to go on. The file is damaged or of another version; train again.");
    }

    // The optimiser lists its states in the order of the parameters it was given.
    private static IEnumerable<(string Name, Adam.State State)> States(Adam adam, Network network)
    {
        Optimizer.StateDictionary all = adam.state_dict();
        return network.named_parameters().Select((parameter, i) => (parameter.name, (Adam.State)all.State[i]));
    }
}
