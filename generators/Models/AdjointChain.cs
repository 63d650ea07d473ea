using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Models;

/// <summary>
/// A chain of layers as the steps of its written-out adjoint. Activation 0 is the chain's input, activation i the output of
/// unit i, counted from 1.
/// </summary>
internal sealed class AdjointChain
{
    private readonly List<AdjointUnit> _units = [];

    public AdjointChain(IEnumerable<LayersModel> members)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (LayersModel member in members)
        {
            List<OperationModel> operations = [.. member.Operations];
            for (int i = 0; i < operations.Count; i++)
            {
                OperationModel operation = operations[i];
                AdjointForm form = operation.Kind.Adjoint(operation);
                bool isFused = form == AdjointForm.Normalization && i + 1 < operations.Count && operations[i + 1].Kind.Adjoint(operations[i + 1]) == AdjointForm.Rectifier;
                double? slope = form == AdjointForm.Rectifier ? operation.Kind.Slope(operation) : isFused ? operations[i + 1].Kind.Slope(operations[i + 1]) : null;
                _units.Add(new AdjointUnit(form, member, operation, slope, Unique(names, member.Name, operation)));
                i += isFused ? 1 : 0;
            }
        }
    }

    public IReadOnlyList<AdjointUnit> Units => _units;

    /// <summary>The first unit that has parameters, counted from 1: gradients have to come that far even if nobody wants the input's.</summary>
    public int FirstWithParameters => _units.FindIndex(unit => unit.HasParameters) + 1;

    /// <summary>Whether the backward pass reads an activation.</summary>
    public bool IsRead(int activation) =>
        (activation > 0 && _units[activation - 1].NeedsOutput) || (activation < _units.Count && _units[activation].NeedsInput);

    /// <summary>Whether the tape keeps it: what is read and neither the input nor cheap to repeat.</summary>
    public bool IsKept(int activation) => activation > 0 && IsRead(activation) && !_units[activation - 1].IsRepeated;

    /// <summary>Whether a unit, counted from 0, overwrites its input: it was asked to and can, and nobody reads the input any more.</summary>
    public bool OverwritesInput(int unit)
    {
        OperationModel operation = _units[unit].Operation;
        return unit > 0 && !IsRead(unit) && operation.InPlace && operation.Kind.ApplyInPlace(operation, "") is not null;
    }

    private static string Unique(HashSet<string> names, string member, OperationModel operation)
    {
        string layer = operation.Name.Length > 0 ? char.ToUpperInvariant(operation.Name[0]) + operation.Name.Substring(1) : operation.Kind.Attribute;
        string name = char.ToLowerInvariant(member[0]) + member.Substring(1) + layer;
        string free = name;
        for (int n = 2; !names.Add(free); n++)
        {
            free = name + n;
        }

        return free;
    }
}
