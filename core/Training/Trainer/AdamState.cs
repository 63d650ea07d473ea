using Iqt.Diffusion;
using Iqt.Reversible.Optimizers;
using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>Adam's moments and steps as entries of a file, named after the parameters they belong to.</summary>
internal static class AdamState
{
    public static IReadOnlyList<SafetensorsEntry> Capture(FlatOptimizer adam)
    {
        IReadOnlyDictionary<string, Tensor> state = adam.State();
        try
        {
            return [.. state.Select(named => TensorEntry.Of(ResumptionState.Prefix + named.Key, named.Value))];
        }
        finally
        {
            Free(state);
        }
    }

    /// <exception cref="DataException">An entry is missing, left over or of another shape; the optimiser is then unchanged.</exception>
    public static void Restore(FlatOptimizer adam, IReadOnlyList<SafetensorsEntry> entries, string name)
    {
        var state = new Dictionary<string, Tensor>();
        try
        {
            foreach (SafetensorsEntry entry in entries)
            {
                state.Add(entry.Name[ResumptionState.Prefix.Length..], TensorEntry.ToTensor(entry));
            }

            adam.LoadState(state);
        }
        catch (ArgumentException error)
        {
            throw new DataException($"{name}: {error.Message} The file is damaged; train again in another folder.", error);
        }
        finally
        {
            Free(state);
        }
    }

    private static void Free(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach (Tensor tensor in state.Values)
        {
            tensor.Dispose();
        }
    }
}
