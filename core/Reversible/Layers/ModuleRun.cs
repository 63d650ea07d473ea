using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// Runs a module that knows nothing of recomputation: it draws the same random numbers each time in a step, and its buffers
/// (running statistics) change in the first run only.
/// </summary>
internal static class ModuleRun
{
    public static Tensor Apply(nn.Module<Tensor, Tensor> module, Tensor input, Execution execution, IRandomLayer layer)
    {
        if (!module.training)
        {
            return module.call(input);
        }

        using Tensor state = torch.random.get_rng_state();
        (Tensor Buffer, Tensor Before)[] buffers = execution.IsFirst ? [] : Saved(module);
        try
        {
            torch.random.manual_seed((long)RandomStream.Seed(execution, layer)).Dispose();
            return module.call(input);
        }
        finally
        {
            torch.random.set_rng_state(state);
            Restore(buffers);
        }
    }

    private static (Tensor Buffer, Tensor Before)[] Saved(nn.Module module) =>
        [.. module.named_buffers().Select(named => (named.buffer, named.buffer.clone()))];

    private static void Restore((Tensor Buffer, Tensor Before)[] buffers)
    {
        using IDisposable withoutGraph = no_grad();
        foreach ((Tensor buffer, Tensor before) in buffers)
        {
            buffer.copy_(before);
            before.Dispose();
        }
    }
}
