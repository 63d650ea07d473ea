using System.Globalization;
using Iqt.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Parsing;

/// <summary>Reads the residual functions and modules that attributes name as type arguments.</summary>
internal static class TypeParser
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal) { "channels", "inputChannels", "outputChannels", "device", "dtype" };

    public static DeclaredType Parse(ITypeSymbol type)
    {
        string code = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        if (type is INamedTypeSymbol named && named.FindAttribute(AttributeNames.ResidualFunction) is not null)
        {
            (int dimensions, int multiple) = DescribedShape(named) ?? ModelBuilder.ResidualFunction(DeclarationParser.Parse(named, DeclarationKind.ResidualFunction)).Shape;
            return new(code, type.Name, TypeRole.ResidualFunction, null, dimensions, multiple);
        }

        return IsModule(type)
            ? new(code, type.Name, TypeRole.Module, Constructor(type), 0, 1)
            : new(code, type.Name, TypeRole.Other, null, 0, 1);
    }

    // Private members of another assembly are invisible; its generated code says what matters.
    private static (int Dimensions, int Multiple)? DescribedShape(INamedTypeSymbol type)
    {
        if (type.DeclaringSyntaxReferences.Length > 0 || type.Described() is not { } text)
        {
            return null;
        }

        string[] numbers = text.Split(' ');
        return (int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    private static bool IsModule(ITypeSymbol type)
    {
        for (INamedTypeSymbol? ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.OriginalDefinition.ToDisplayString() == "TorchSharp.torch.nn.Module<T, TResult>"
                && ancestor.TypeArguments.All(argument => argument.ToDisplayString() == "TorchSharp.torch.Tensor"))
            {
                return !type.IsAbstract;
            }
        }

        return false;
    }

    // The widest public constructor all of whose parameters are known or optional.
    private static EquatableArray<string>? Constructor(ITypeSymbol type) => ((INamedTypeSymbol)type).InstanceConstructors
        .Where(c => c.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal && c.Parameters.All(p => p.IsOptional || Known.Contains(p.Name)))
        .OrderByDescending(c => c.Parameters.Count(p => Known.Contains(p.Name)))
        .Select(c => (EquatableArray<string>?)new EquatableArray<string>(c.Parameters.Select(p => p.Name).Where(Known.Contains)))
        .FirstOrDefault();
}
