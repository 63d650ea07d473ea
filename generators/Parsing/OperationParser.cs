using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Parsing;

/// <summary>Reads one attribute of a segment or of a group of layers.</summary>
internal static class OperationParser
{
    /// <summary>The operation that an attribute declares, or null for an attribute of someone else's.</summary>
    public static DeclaredOperation? Parse(AttributeData attribute, int index, INamedTypeSymbol declaringClass)
    {
        if (attribute.AttributeClass is not { } type || !type.IsIn(AttributeNames.Namespace))
        {
            return null;
        }

        return type.MetadataName switch
        {
            AttributeNames.Stack => Stack(attribute, index, declaringClass),
            AttributeNames.Conv3d => new DeclaredConvolution(
                index,
                attribute.ConstructorArguments.Length == 0 ? null : ToSetting(attribute.ConstructorArguments[0]),
                NamedSetting(attribute, "Kernel", 1),
                NamedSetting(attribute, "Padding", 0),
                Named(attribute, "Bias", true)),
            AttributeNames.BatchNorm => new DeclaredBatchNorm(index, Named(attribute, "Epsilon", 1e-5), Named(attribute, "Momentum", 0.1)),
            AttributeNames.Relu => new DeclaredRelu(index),
            AttributeNames.VoxelShuffle => new DeclaredVoxelShuffle(index, FirstInteger(attribute)),
            _ => null,
        };
    }

    /// <summary>The first constructor argument as a number; 0 where the compiler found none.</summary>
    public static int FirstInteger(AttributeData attribute) =>
        attribute.ConstructorArguments.Length > 0 && attribute.ConstructorArguments[0].Value is int value ? value : 0;

    /// <summary>A named argument's value, or the attribute's default.</summary>
    public static T Named<T>(AttributeData attribute, string name, T otherwise) =>
        Find(attribute, name) is { Kind: TypedConstantKind.Primitive, Value: T value } ? value : otherwise;

    private static DeclaredStack Stack(AttributeData attribute, int index, INamedTypeSymbol declaringClass)
    {
        ITypeSymbol function = attribute.AttributeClass!.TypeArguments[0];
        bool sameNamespace = SymbolEqualityComparer.Default.Equals(function.ContainingNamespace, declaringClass.ContainingNamespace);
        return new DeclaredStack(
            index,
            sameNamespace && function.ContainingType is null ? function.Name : function.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            function.Name,
            IsResidualFunction(function),
            attribute.ConstructorArguments.Length == 0 ? Setting.Of(0) : ToSetting(attribute.ConstructorArguments[0]));
    }

    private static bool IsResidualFunction(ITypeSymbol function) =>
        function.GetAttributes().Any(a => a.AttributeClass?.ToDisplayString() == AttributeNames.ResidualFunction);

    private static Setting NamedSetting(AttributeData attribute, string name, int otherwise) =>
        Find(attribute, name) is { } constant ? ToSetting(constant) : Setting.Of(otherwise);

    // Neither a number nor a name (null, a type, an array): kept as an empty name, which no hyperparameter has.
    private static Setting ToSetting(TypedConstant constant) =>
        constant is { Kind: TypedConstantKind.Primitive, Value: int number } ? Setting.Of(number)
        : constant is { Kind: TypedConstantKind.Primitive, Value: string name } ? new Setting(null, name)
        : new Setting(null, "");

    private static TypedConstant? Find(AttributeData attribute, string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name)
            {
                return argument.Value;
            }
        }

        return null;
    }
}
