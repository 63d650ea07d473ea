using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Validation;

/// <summary>Rules for the residual functions of stacks.</summary>
internal static class StackRules
{
    public static IEnumerable<Finding> CheckTypes(NetworkModel network)
    {
        foreach (StackModel stack in network.Segments.OfType<StackModel>())
        {
            var target = new FindingTarget(stack.Name, stack.Declared.AttributeIndex);
            foreach (DeclaredType function in stack.Declared.Types.Distinct())
            {
                if (function.Role is TypeRole.Other or TypeRole.Network)
                {
                    string reason = function.Role == TypeRole.Network
                        ? "is a declared network: write a module of your own that holds one, or mark a class [ResidualFunction]"
                        : "is neither marked [ResidualFunction] nor a module Tensor → Tensor";
                    yield return new(Rules.NotAResidualFunction, target, function.Name, stack.Name, reason);
                }
                else if (function is { Role: TypeRole.ResidualFunction, HiddenIn: { } assembly })
                {
                    yield return new(Rules.NotAResidualFunction, target, function.Name, stack.Name, $"is internal to {assembly}, where the elongated network comes from: make it public there, or name this assembly in an InternalsVisibleTo");
                }
                else if (function is { Role: TypeRole.Module, HiddenIn: { } home })
                {
                    yield return new(Rules.UnsuitableModule, target, function.Name, stack.Name, LayerRules.Hidden(home));
                }
                else if (function is { Role: TypeRole.Module, Constructor: null })
                {
                    yield return new(Rules.UnsuitableModule, target, function.Name, stack.Name, "no public constructor takes only parameters that are known");
                }
                else if (function.Shape.Dimensions != FunctionShape.AnyDimensions && function.Shape.Dimensions != network.Dimensions)
                {
                    yield return new(Rules.WrongDimensions, target, $"Residual function {function.Name}", stack.Name, function.Shape.Dimensions, "network", network.Dimensions, $"a residual function with {network.Dimensions}D layers");
                }
            }
        }
    }
}
