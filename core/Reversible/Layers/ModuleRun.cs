using Iqt.Reversible.Adjoints;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// Runs a module that knows nothing of recomputation: each time in a step it draws the same random numbers and finds its buffers
/// (running statistics) as they were before the first run, which alone changes them for good.
/// </summary>
internal static class ModuleRun
{
    /// <summary>Whether a module, or one within it, is in training mode.</summary>
    public static bool IsTraining(nn.Module module) => module.training || module.modules().Any(part => part.training);

    public static Tensor Apply(nn.Module<Tensor, Tensor> module, Tensor input, Execution execution, IRandomLayer layer)
    {
        if (!IsTraining(module))
        {
            return module.call(input);
        }

        using BufferRestoration? atOnce = execution is { IsFirst: false, Restoration: null } ? new() : null;
        if (execution.IsFirst)
        {
            Note(module, execution.Tape);
        }
        else
        {
            (execution.Restoration ?? atOnce)!.Save(module);
            Rewind(module, execution.Tape);
        }

        return GlobalGenerators.Seeded(RandomStream.Seed(execution, layer), input.device, () => module.call(input));
    }

    private static void Note(nn.Module module, Tape? tape)
    {
        if (tape is not null)
        {
            foreach ((string name, Tensor buffer) in module.named_buffers())
            {
                tape.Note((module, name), buffer.clone());
            }
        }
    }

    // Outside of a step there is no note: buffers are as they are.
    private static void Rewind(nn.Module module, Tape? tape)
    {
        using IDisposable withoutGraph = no_grad();
        foreach ((string name, Tensor buffer) in module.named_buffers())
        {
            if (tape?.Note((module, name)) is { } before)
            {
                buffer.copy_(before);
            }
        }
    }
}
