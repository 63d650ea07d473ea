namespace Iqt.Generators.Parsing;

/// <summary>Metadata names of the attributes that declarations are written with.</summary>
internal static class AttributeNames
{
    public const string Namespace = "Iqt.Reversible";
    public const string Network = Namespace + ".NetworkAttribute";
    public const string ResidualFunction = Namespace + ".ResidualFunctionAttribute";
    public const string Hyperparameter = "HyperparameterAttribute";
    public const string Stack = "StackAttribute`1";
    public const string Conv3d = "Conv3dAttribute";
    public const string BatchNorm = "BatchNormAttribute";
    public const string Relu = "ReluAttribute";
    public const string VoxelShuffle = "VoxelShuffleAttribute";
}
