using System.Globalization;
using Iqt.Generators.Models;
using Iqt.Generators.Validation;
using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Parsing;

/// <summary>Reads the residual functions and modules that attributes name as type arguments.</summary>
internal static class TypeParser
{
    /// <param name="type">The type argument.</param>
    /// <param name="user">The class whose member names it.</param>
    /// <param name="kind">What that class is. A residual function is not looked into from another one, which may not use it.</param>
    public static DeclaredType Parse(ITypeSymbol type, INamedTypeSymbol user, DeclarationKind kind)
    {
        string code = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        string name = type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        if (type.TypeKind == TypeKind.Error)
        {
            return new(code, name, TypeRole.Broken, null, FunctionShape.Unknown);
        }

        if (type is INamedTypeSymbol named && named.FindAttribute(AttributeNames.ResidualFunction) is not null)
        {
            return kind == DeclarationKind.ResidualFunction ? new(code, name, TypeRole.ResidualFunction, null, FunctionShape.Unknown)
                : Shape(named) is { } shape ? new(code, name, TypeRole.ResidualFunction, null, shape) { IsInternal = !IsPublic(named) }
                : new(code, name, TypeRole.Broken, null, FunctionShape.Unknown);
        }

        if (type is INamedTypeSymbol network && ClassParser.Marker(network) is not null)
        {
            return new(code, name, TypeRole.Network, null, FunctionShape.Unknown);
        }

        if (!IsModule(type))
        {
            return new(code, name, TypeRole.Other, null, FunctionShape.Unknown);
        }

        IMethodSymbol? constructor = ModuleConstructor.Find((INamedTypeSymbol)type, user);
        return new(code, name, TypeRole.Module, constructor is null ? null : ModuleConstructor.Arguments(constructor), FunctionShape.Unknown)
        {
            IsInternal = !IsPublic(type) || constructor is { DeclaredAccessibility: not Accessibility.Public },
        };
    }

    // With all around it and all that it is made of.
    private static bool IsPublic(ITypeSymbol type) => type is not INamedTypeSymbol named
        || (named.DeclaredAccessibility == Accessibility.Public && named.TypeArguments.All(IsPublic) && (named.ContainingType is not { } outer || IsPublic(outer)));

    // Private members of another assembly are invisible; its generated code says what matters. Null if the function breaks a rule.
    private static FunctionShape? Shape(INamedTypeSymbol type)
    {
        if (type.DeclaringSyntaxReferences.Length == 0)
        {
            return type.Described() is { } text ? Described(text) : FunctionShape.Unknown;
        }

        Declaration declaration = DeclarationParser.Parse(type, DeclarationKind.ResidualFunction);
        return ClassParser.Marker(type)!.AttributeClass!.MetadataName == AttributeNames.ResidualFunction && DeclarationRules.Check(declaration).Count == 0
            ? ModelBuilder.ResidualFunction(declaration, Doubts.None).Shape
            : null;
    }

    // Another version of the generator may have written something else.
    private static FunctionShape Described(string text)
    {
        int[] numbers = [.. text.Split(' ').Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
        return numbers.Length == 3 && numbers[0] >= 0 && numbers[1] > 0 && numbers[2] > 0 ? new(numbers[0], numbers[1], numbers[2]) : FunctionShape.Unknown;
    }

    private static bool IsModule(ITypeSymbol type)
    {
        for (INamedTypeSymbol? ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.OriginalDefinition.ToDisplayString() == "TorchSharp.torch.nn.Module<T, TResult>"
                && ancestor.TypeArguments.All(argument => argument.ToDisplayString() == "TorchSharp.torch.Tensor"))
            {
                return true;
            }
        }

        return false;
    }
}
