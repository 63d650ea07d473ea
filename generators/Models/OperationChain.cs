using Iqt.Generators.Parsing;

namespace Iqt.Generators.Models;

/// <summary>Works out a chain of layers: names, channels, what may run in place.</summary>
internal sealed class OperationChain(Func<Setting, Count> resolve, Count defaultChannels)
{
    /// <summary>The chain's operations, for input with the given channels.</summary>
    public EquatableArray<OperationModel> Build(EquatableArray<DeclaredOperation> declared, Count input)
    {
        List<OperationModel> operations = [];
        Count channels = input;
        foreach (DeclaredOperation operation in declared)
        {
            OperationModel? model = operation switch
            {
                DeclaredConvolution conv => new ConvolutionModel(
                    conv.AttributeIndex,
                    NameOf(conv, "conv", declared),
                    channels,
                    conv.Channels is { } wanted ? resolve(wanted) : defaultChannels,
                    resolve(conv.Kernel),
                    resolve(conv.Padding),
                    conv.Bias),
                DeclaredBatchNorm norm => new BatchNormModel(norm.AttributeIndex, NameOf(norm, "norm", declared), channels, norm.Epsilon, norm.Momentum),
                DeclaredRelu relu => new ReluModel(relu.AttributeIndex, channels, InPlace: operations.LastOrDefault() is ConvolutionModel or BatchNormModel),
                DeclaredVoxelShuffle shuffle => new VoxelShuffleModel(shuffle.AttributeIndex, channels, Math.Max(shuffle.Rate, 1)),
                _ => null,
            };
            if (model is not null)
            {
                operations.Add(model);
                channels = model.Output;
            }
        }

        return new(operations);
    }

    // Numbered only where a member has several of a kind, so that names stay short and stable.
    private static string NameOf<T>(T operation, string name, EquatableArray<DeclaredOperation> declared)
        where T : DeclaredOperation
    {
        List<T> alike = [.. declared.OfType<T>()];
        return alike.Count == 1 ? name : $"{name}{alike.IndexOf(operation) + 1}";
    }
}
