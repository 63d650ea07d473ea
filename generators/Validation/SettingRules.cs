using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;

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
                    if (Judge(rule, new(member.Name, operation.AttributeIndex, rule.Argument), declaration) is { } finding)
                    {
                        yield return finding;
                    }
                }
            }
        }
    }

    /// <summary>A name that no hyperparameter has.</summary>
    public static Finding Unknown(Setting setting, FindingTarget target, Declaration declaration) =>
        new(Rules.UnknownHyperparameter, target, setting.Hyperparameter ?? "", declaration.Class.Name, Known(declaration));

    private static Finding? Judge(NumberRule rule, FindingTarget target, Declaration declaration)
    {
        bool isNumber = rule.Setting.Number is not null || (rule.IsReal && rule.Setting.Real is not null);
        if (isNumber)
        {
            object value = rule.Setting.Real is { } real ? real : rule.Setting.Number!.Value;
            return rule.Fault(_ => Count.Unknown) is { } fault ? new(Rules.OutOfRange, target, $"{rule.Argument} of {target.Member}", value, fault) : null;
        }

        DeclaredHyperparameter? found = declaration.Hyperparameters.FirstOrDefault(h => h.Property.Name == rule.Setting.Hyperparameter);
        return found is null ? Unknown(rule.Setting, target, declaration)
            : rule.Maximum is not null && rule.Fault(_ => Count.Literal(found.Default)) is { } limit ? new(Rules.OutOfRange, target, $"{rule.Argument} of {target.Member}", found.Default, limit)
            : null;
    }

    private static string Known(Declaration declaration) =>
        declaration.Hyperparameters.Count == 0 ? "" : "; declared are " + string.Join(", ", declaration.Hyperparameters.Select(h => h.Property.Name));
}
