using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

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
                yield return new(Rules.OutOfRange, new(hyperparameter.Property.Name), $"The default of {hyperparameter.Property.Name}", hyperparameter.Default, hyperparameter.Minimum);
            }
        }

        foreach (DeclaredMember member in declaration.Members)
        {
            foreach (DeclaredOperation operation in member.Operations)
            {
                foreach ((string argument, Setting setting, int minimum) in Settings(operation))
                {
                    if (Judge(setting, minimum, argument, new(member.Property.Name, operation.AttributeIndex, argument), declaration) is { } finding)
                    {
                        yield return finding;
                    }
                }
            }
        }
    }

    // The argument as the attribute's constructor or property calls it, its value, the least that makes sense.
    private static IEnumerable<(string Argument, Setting Setting, int Minimum)> Settings(DeclaredOperation operation)
    {
        switch (operation)
        {
            case DeclaredStack stack:
                yield return ("blocks", stack.Blocks, 0);
                break;
            case DeclaredConvolution conv:
                if (conv.Channels is { } channels)
                {
                    yield return ("channels", channels, 1);
                }

                yield return ("Kernel", conv.Kernel, 1);
                yield return ("Padding", conv.Padding, 0);
                break;
            case DeclaredVoxelShuffle shuffle:
                yield return ("rate", Setting.Of(shuffle.Rate), 2);
                break;
            default:
                break;
        }
    }

    private static Finding? Judge(Setting setting, int minimum, string argument, FindingTarget target, Declaration declaration)
    {
        if (setting.Number is { } number)
        {
            return number < minimum ? new(Rules.OutOfRange, target, $"{argument} of {target.Member}", number, minimum) : null;
        }

        return declaration.Hyperparameters.Any(h => h.Property.Name == setting.Hyperparameter)
            ? null
            : new(Rules.UnknownHyperparameter, target, setting.Hyperparameter ?? "", declaration.Class.Name, Known(declaration));
    }

    private static string Known(Declaration declaration) =>
        declaration.Hyperparameters.Count == 0 ? "" : "; declared are " + string.Join(", ", declaration.Hyperparameters.Select(h => h.Property.Name));
}
