using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// Runs a module that knows nothing of recomputation: it draws the same random numbers each time in a step, and its buffers
/// (running statistics) change in the first run only.
/// </summary>
internal static class ModuleRun
{
    // The global generator is everybody's: nobody else's module may draw from it meanwhile.
    private static readonly Lock GlobalGenerator = new();

    /// <summary>Whether a module, or one within it, is in training mode.</summary>
    public static bool IsTraining(nn.Module module) => module.training || module.modules().Any(part => part.training);

    public static Tensor Apply(nn.Module<Tensor, Tensor> module, Tensor input, Execution execution, IRandomLayer layer)
    {
        if (!IsTraining(module))
        {
            return module.call(input);
        }

        using BufferRestoration? atOnce = execution is { IsFirst: false, Restoration: null } ? new() : null;
        if (!execution.IsFirst)
        {
            (execution.Restoration ?? atOnce)!.Save(module);
        }

        lock (GlobalGenerator)
        {
            using Tensor state = random.get_rng_state();
            try
            {
                random.manual_seed((long)RandomStream.Seed(execution, layer)).Dispose();
                return module.call(input);
            }
            finally
            {
                random.set_rng_state(state);
            }
        }
    }
}
