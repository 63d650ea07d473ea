using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

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

    private static Setting ToSetting(TypedConstant constant) => constant switch
    {
        { IsNull: true } => new Setting(null, null, Other: "null"),
        { Kind: TypedConstantKind.Enum, Value: int number } => new Setting(number, null, Other: constant.ToCSharpString()),
        { Kind: TypedConstantKind.Primitive, Value: string text } => new Setting(null, text),
        { Kind: TypedConstantKind.Primitive, Value: bool flag } => new Setting(null, null, Flag: flag, Other: flag ? "true" : "false"),
        { Kind: TypedConstantKind.Primitive, Value: sbyte or byte or short or ushort or int or uint or long or ulong } => Whole(constant),
        { Kind: TypedConstantKind.Primitive, Value: double or float } => Real(Convert.ToDouble(constant.Value, CultureInfo.InvariantCulture)),
        { Kind: TypedConstantKind.Array } => new Setting(null, null, Other: "an array"),
        _ => new Setting(null, null, Other: constant.ToCSharpString()),
    };

    private static Setting Whole(TypedConstant constant)
    {
        decimal value = Convert.ToDecimal(constant.Value, CultureInfo.InvariantCulture);
        int nearest = (int)Math.Max(int.MinValue, Math.Min(value, int.MaxValue));
        return Setting.Of(nearest) with { Beyond = nearest == value ? null : value.ToString(CultureInfo.InvariantCulture) };
    }

    private static Setting Real(double value) => new(null, null, value, Other: value.ToString("R", CultureInfo.InvariantCulture));
}
