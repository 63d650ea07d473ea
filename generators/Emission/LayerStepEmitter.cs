using Iqt.Generators.Models;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Emission;

/// <summary>Writes what descriptions and predictions of memory know of a chain of layers: its <c>LayerStep</c>s.</summary>
internal static class LayerStepEmitter
{
    /// <summary>The expression that describes the chain, a list of LayerStep, behind an equals sign or an arrow: several have a line each.</summary>
    public static string List(AdjointChain chain, string indentation = "")
    {
        string[] steps = [.. chain.Units.Select((unit, i) => Step(chain, unit, i))];
        return steps.Length < 2
            ? $" [{string.Concat(steps)}]"
            : $"\n{indentation}[\n{string.Concat(steps.Select(step => $"{indentation}    {step},\n"))}{indentation}]";
    }

    private static string Step(AdjointChain chain, AdjointUnit unit, int i)
    {
        OperationModel operation = unit.Operation;
        List<string> flags = [];
        if (unit.Form == AdjointForm.Convolution)
        {
            flags.Add($"Kernel = {operation.Number("Kernel", 1).Code}");
        }

        if (unit.Form is AdjointForm.Graph or AdjointForm.Convolution && operation.Kind.Window(operation) is { } window)
        {
            flags.Add($"Window = {window}");
        }

        if (chain.IsKept(i + 1))
        {
            flags.Add("IsKept = true");
        }

        if (chain.OverwritesInput(i))
        {
            flags.Add("IsInPlace = true");
        }

        if (operation.Kind.LeavesChannelsFirst(operation))
        {
            flags.Add("LeavesChannelsFirst = true");
        }

        if (unit.HasParameters)
        {
            flags.Add("HasParameters = true");
        }

        if (unit.Slope is { } slope)
        {
            flags.Add($"Slope = {Naming.Literal(slope)}");
        }

        if (unit.Form == AdjointForm.Graph)
        {
            flags.AddRange(Memory(operation.Kind.Memory));
        }

        string size = operation.Kind.Step(operation) is { } step ? $", {step.Code}" : "";
        return $"new(LayerForm.{unit.Form}, {operation.Input.Code}, {operation.Output.Code}{size}){(flags.Count > 0 ? $" {{ {string.Join(", ", flags)} }}" : "")}";
    }

    private static IEnumerable<string> Memory(GraphMemory memory)
    {
        if (memory.Saves != Saved.Input)
        {
            yield return $"Saves = SavedTensor.{memory.Saves}";
        }

        if (memory.Kept > 0)
        {
            yield return $"KeptByGraph = {memory.Kept}";
        }

        if (memory.Temporaries > 0)
        {
            yield return $"Temporaries = {memory.Temporaries}";
        }

        if (memory.InOneGraph is { } temporaries)
        {
            yield return $"TemporariesInOneGraph = {temporaries}";
        }
    }
}
