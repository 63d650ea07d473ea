using Iqt.Generators.Parsing;

namespace Iqt.Generators.Models;

/// <summary>
/// Works out channels and names of a declaration. Never fails: what can't be resolved becomes a number that
/// nobody knows, and the rules say why.
/// </summary>
internal static class ModelBuilder
{
    public static NetworkModel Network(Declaration declaration)
    {
        Count Resolve(Setting setting) => Resolved(setting, declaration.Hyperparameters);
        var chain = new OperationChain(Resolve, defaultChannels: new Count("0", null, false));
        List<SegmentModel> segments = [];
        Count channels = Count.Literal(declaration.InputChannels);
        foreach (DeclaredMember member in declaration.Members)
        {
            SegmentModel segment;
            if (member.Operations.FirstOrDefault() is DeclaredStack stack)
            {
                segment = new StackModel(member.Property, channels, stack.Function, Resolve(stack.Blocks));
            }
            else
            {
                EquatableArray<OperationModel> operations = chain.Build(member.Operations, channels);
                segment = new LayersModel(member.Property, channels, operations.LastOrDefault()?.Output ?? channels, operations);
            }

            segments.Add(segment);
            channels = segment.Output;
        }

        return new NetworkModel(declaration.Class, declaration.Name, new(declaration.Hyperparameters.Select(h => Hyperparameter(h, declaration))), new(segments));
    }

    public static ResidualFunctionModel ResidualFunction(Declaration declaration)
    {
        var chain = new OperationChain(setting => Resolved(setting, declaration.Hyperparameters), Count.FunctionChannels);
        List<LayersModel> groups = [];
        Count channels = Count.FunctionChannels;
        foreach (DeclaredMember member in declaration.Members)
        {
            EquatableArray<OperationModel> operations = chain.Build(member.Operations, channels);
            groups.Add(new LayersModel(member.Property, channels, operations.LastOrDefault()?.Output ?? channels, operations));
            channels = groups[groups.Count - 1].Output;
        }

        return new ResidualFunctionModel(declaration.Class, new(groups));
    }

    private static Count Resolved(Setting setting, IEnumerable<DeclaredHyperparameter> hyperparameters)
    {
        if (setting.Number is { } number)
        {
            return Count.Literal(number);
        }

        DeclaredHyperparameter? found = hyperparameters.FirstOrDefault(h => h.Property.Name == setting.Hyperparameter);
        return new Count(found?.Property.Name ?? "0", found?.Default, false);
    }

    // Numbers of blocks and paddings may be 0, everything else counts from 1.
    private static HyperparameterModel Hyperparameter(DeclaredHyperparameter hyperparameter, Declaration declaration)
    {
        bool Names(Setting? setting) => setting?.Hyperparameter == hyperparameter.Property.Name;
        bool positive = declaration.Members
            .SelectMany(member => member.Operations)
            .OfType<DeclaredConvolution>()
            .Any(conv => Names(conv.Channels) || Names(conv.Kernel));
        return new HyperparameterModel(hyperparameter.Property, hyperparameter.Default, positive ? 1 : 0);
    }
}
