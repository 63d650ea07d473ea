using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Validation;

/// <summary>Rules for classes marked [Elongate].</summary>
internal static class ElongationRules
{
    public static IEnumerable<Finding> Check(Declaration declaration)
    {
        if (declaration.Elongation is not { } elongation)
        {
            yield break;
        }

        if (!elongation.IsNetwork)
        {
            yield return new(Rules.NotANetwork, new(AttributeIndex: 0), declaration.Class.Name, elongation.Base);
            yield break;
        }

        foreach (DeclaredMember member in elongation.Misplaced.Where(member => !member.IsInput))
        {
            string what = member.Wiring.Placement.Count switch
            {
                0 => $"is not placed in {elongation.Base}",
                1 when elongation.Segments.Contains(member.Wiring.Placement[0].Segment) => $"can't stand before {member.Wiring.Placement[0].Segment}, an input",
                1 => $"names '{member.Wiring.Placement[0].Segment}', which is no segment of {elongation.Base}",
                _ => "is placed twice",
            };
            FindingTarget target = member.Wiring.Placement.Count == 0 ? new(member.Name) : new(member.Name, member.Wiring.Placement[member.Wiring.Placement.Count - 1].AttributeIndex);
            yield return new(Rules.NotPlaced, target, member.Name, what, string.Join(", ", elongation.Segments));
        }
    }
}
