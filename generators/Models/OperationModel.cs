namespace Iqt.Generators.Models;

/// <summary>One operation of a chain of layers, with its channels worked out.</summary>
/// <param name="AttributeIndex">Which of the member's attributes declared it.</param>
/// <param name="Input">Channels that come in.</param>
/// <param name="Output">Channels that go out.</param>
internal abstract record OperationModel(int AttributeIndex, Count Input, Count Output);

/// <param name="Name">The layer's name within its member: <c>conv</c>, or <c>conv1</c>, <c>conv2</c> where there are several.</param>
internal sealed record ConvolutionModel(int AttributeIndex, string Name, Count Input, Count Output, Count Kernel, Count Padding, bool Bias)
    : OperationModel(AttributeIndex, Input, Output)
{
    /// <summary>Voxels by which it shrinks each edge, if that is known.</summary>
    public int? Loss => Kernel.Value - 1 - 2 * Padding.Value;
}

internal sealed record BatchNormModel(int AttributeIndex, string Name, Count Input, double Epsilon, double Momentum)
    : OperationModel(AttributeIndex, Input, Input);

/// <param name="InPlace">
/// Whether it may overwrite its input: behind a convolution or a normalisation, whose gradients don't read
/// their output.
/// </param>
internal sealed record ReluModel(int AttributeIndex, Count Input, bool InPlace) : OperationModel(AttributeIndex, Input, Input);

internal sealed record VoxelShuffleModel(int AttributeIndex, Count Input, int Rate)
    : OperationModel(AttributeIndex, Input, Input.DividedBy(Rate * Rate * Rate));
