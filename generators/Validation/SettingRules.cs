using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;
using Microsoft.CodeAnalysis.CSharp;

namespace Iqt.Generators.Validation;

/// <summary>Rules for numbers and for names of hyperparameters.</summary>
internal static class SettingRules
{
    public static IEnumerable<Finding> Check(Declaration declaration, EquatableArray<HyperparameterModel> hyperparameters)
    {
        foreach (HyperparameterModel hyperparameter in hyperparameters)
        {
            if (hyperparameter.Default < hyperparameter.Minimum)
            {
                yield return new(Rules.OutOfRange, new(hyperparameter.Property.Name), $"The default of {hyperparameter.Property.Name}", hyperparameter.Default, $"at least {hyperparameter.Minimum}");
            }
        }

        foreach (DeclaredMember member in declaration.Members.Where(m => !m.Property.IsTakenOver))
        {
            foreach (DeclaredOperation operation in member.Operations)
            {
                foreach (NumberRule rule in NumberRule.Of(operation))
                {
                    if (Judge(rule, new(member.Name, operation.AttributeIndex, rule.Argument), $"{rule.Argument} of {member.Name}", declaration) is { } finding)
                    {
                        yield return finding;
                    }
                }
            }
        }
    }

    /// <summary>What is wrong with a number; null if nothing is.</summary>
    public static Finding? Judge(NumberRule rule, FindingTarget target, string what, Declaration declaration)
    {
        Setting setting = rule.Setting;
        Finding? Fault(object value, string? words) => words is null ? null : new(Rules.OutOfRange, target, what, value, words);
        if (rule.IsReal)
        {
            return (setting.Real ?? setting.Number) is { } real ? Fault(real, rule.RealFault(real)) : null;
        }

        if (setting.Number is { } number && (setting.Other is null || rule.Names.Count > 0))
        {
            return Fault(setting.Beyond ?? (object)number, rule.WholeFault(number));
        }

        if (setting.Text is not { } name)
        {
            return Fault(setting.Other ?? "nothing", "a whole number, or the name of a hyperparameter");
        }

        // The least that a default may be is the hyperparameter's own rule.
        DeclaredHyperparameter? found = declaration.Hyperparameters.FirstOrDefault(h => h.Property.Name == name);
        return found is null ? Unknown(name, target, declaration)
            : found.Default > rule.Maximum ? Fault($"{name} = {found.Default}", rule.WholeFault(found.Default))
            : null;
    }

    private static Finding Unknown(string name, FindingTarget target, Declaration declaration)
    {
        string known = declaration.Hyperparameters.Count == 0 ? "" : "; declared are " + string.Join(", ", declaration.Hyperparameters.Select(h => h.Property.Name));
        string remedy =
            declaration.Kind == DeclarationKind.ResidualFunction ? "a residual function has none; write a number, or leave the channels to the stack"
            : SyntaxFacts.IsValidIdentifier(name) ? $"declare '[Hyperparameter(…)] public partial int {name} {{ get; }}', or write a number{known}"
            : $"write a number, or the name of a property marked [Hyperparameter(…)]{known}";
        return new(Rules.UnknownHyperparameter, target, name, declaration.Class.Name, remedy);
    }
}
