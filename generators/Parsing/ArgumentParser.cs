using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Parsing;

/// <summary>Reads the arguments of an attribute.</summary>
internal static class ArgumentParser
{
    /// <summary>All that were given, by name; arrays are left to <see cref="Texts"/>.</summary>
    public static EquatableArray<DeclaredArgument> Parse(AttributeData attribute)
    {
        List<DeclaredArgument> arguments = [];
        if (attribute.AttributeConstructor is { } constructor)
        {
            for (int i = 0; i < Math.Min(constructor.Parameters.Length, attribute.ConstructorArguments.Length); i++)
            {
                arguments.Add(new(constructor.Parameters[i].Name, ToSetting(attribute.ConstructorArguments[i])));
            }
        }

        arguments.AddRange(attribute.NamedArguments.Select(argument => new DeclaredArgument(argument.Key, ToSetting(argument.Value))));
        return new(arguments);
    }

    /// <summary>The texts of the first argument, or of all that a <c>params</c> array takes.</summary>
    public static EquatableArray<string> Texts(AttributeData attribute) => new(attribute.ConstructorArguments
        .SelectMany(argument => argument.Kind == TypedConstantKind.Array && !argument.IsNull ? argument.Values.AsEnumerable() : [argument])
        .Select(argument => argument.Kind == TypedConstantKind.Primitive ? argument.Value as string ?? "" : ""));

    // What is none of these (null, a type, an array) is kept as an empty text, which names nothing.
    private static Setting ToSetting(TypedConstant constant) => constant switch
    {
        { Kind: TypedConstantKind.Primitive or TypedConstantKind.Enum, Value: int number } => Setting.Of(number),
        { Kind: TypedConstantKind.Primitive, Value: string text } => new Setting(null, text),
        { Kind: TypedConstantKind.Primitive, Value: double real } => new Setting(null, null, Real: real),
        { Kind: TypedConstantKind.Primitive, Value: float real } => new Setting(null, null, Real: real),
        { Kind: TypedConstantKind.Primitive, Value: bool flag } => new Setting(null, null, Flag: flag),
        _ => new Setting(null, ""),
    };
}
