using System.Globalization;
using Iqt.Reversible;

namespace Iqt.Training;

/// <summary>Settings that each make sense, but not together. Messages name both, as settings and as options of the command.</summary>
internal static class SettingConflict
{
    /// <summary>The first two, in words with the remedy, or null.</summary>
    public static string? Of(TrainingSettings settings) =>
        settings.Identity && settings.From is null
            ? "identity: true (--identity) was found without from (--from), the run that the network deepens. Give both or neither"
            : OfUpdate(settings) ?? OfBudget(settings);

    private static string? OfUpdate(TrainingSettings settings)
    {
        if (settings.Update != ParameterUpdate.Fused)
        {
            return null;
        }

        const string fused = "update: fused (--update)";
        return settings.ClipNorm is { } norm ? Both(fused, string.Create(CultureInfo.InvariantCulture, $"clipNorm: {norm} (--clip-norm)"), "the norm of all gradients needs them all at once, the fused update frees each block's before the next one's are made")
            : settings.Mode == BackpropagationMode.SingleGraph ? Both(fused, Mode(settings), "one graph has all gradients at once, behind its backward pass")
            : null;
    }

    private static string? OfBudget(TrainingSettings settings)
    {
        if (settings.MemoryBudget is not { } amount)
        {
            return null;
        }

        string budget = $"memoryBudget: {amount} (--memory-budget)";
        return settings.Mode != BackpropagationMode.Reversible ? Both(budget, Mode(settings), "it decides which reversed blocks keep their activations, so mode reversible is expected")
            : settings.Precision != ConvolutionPrecision.F32 ? Both(budget, Precision(settings), "memory is predicted for float32")
            : null;
    }

    private static string Mode(TrainingSettings settings) => $"mode: {RunJson.Name(settings.Mode)} (--mode)";

    private static string Precision(TrainingSettings settings) => $"precision: {RunJson.Name(settings.Precision)} (--precision)";

    private static string Both(string one, string other, string why) => $"{one} was found beside {other}: {why}. Leave out one of the two";
}
