namespace Iqt.Generators.Parsing;

/// <summary>What one attribute of a member says, as written.</summary>
/// <param name="AttributeIndex">Which of the member's attributes it is, to point a message at it.</param>
internal abstract record DeclaredOperation(int AttributeIndex);

/// <param name="Function">The residual function's name as generated code writes it.</param>
/// <param name="FunctionName">Its plain name, for messages.</param>
/// <param name="IsResidualFunction">Whether it is marked so.</param>
internal sealed record DeclaredStack(int AttributeIndex, string Function, string FunctionName, bool IsResidualFunction, Setting Blocks)
    : DeclaredOperation(AttributeIndex);

/// <param name="Channels">Output channels, or null for those of the residual function.</param>
internal sealed record DeclaredConvolution(int AttributeIndex, Setting? Channels, Setting Kernel, Setting Padding, bool Bias)
    : DeclaredOperation(AttributeIndex);

internal sealed record DeclaredBatchNorm(int AttributeIndex, double Epsilon, double Momentum) : DeclaredOperation(AttributeIndex);

internal sealed record DeclaredRelu(int AttributeIndex) : DeclaredOperation(AttributeIndex);

internal sealed record DeclaredVoxelShuffle(int AttributeIndex, int Rate) : DeclaredOperation(AttributeIndex);
