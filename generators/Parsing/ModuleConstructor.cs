using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Parsing;

/// <summary>Finds the constructor of a user's module that generated code can call.</summary>
internal static class ModuleConstructor
{
    /// <summary>The widest one all of whose parameters are known or optional; null if there is none.</summary>
    public static IMethodSymbol? Find(INamedTypeSymbol module, INamedTypeSymbol user) => module.IsAbstract || HasRequired(module)
        ? null
        : module.InstanceConstructors
            .Where(c => IsAccessible(c, user) && c.Parameters.All(p => IsKnown(p) || p.IsOptional) && !IsAmbiguous(c))
            .OrderByDescending(c => c.Parameters.Count(IsKnown))
            .FirstOrDefault();

    /// <summary>The arguments that generated code gives it, by the names of its parameters.</summary>
    public static EquatableArray<string> Arguments(IMethodSymbol constructor) => new(constructor.Parameters.Where(IsKnown).Select(p => p.Name));

    private static bool IsAccessible(IMethodSymbol constructor, INamedTypeSymbol user) =>
        constructor.DeclaredAccessibility == Accessibility.Public
        || (constructor.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedOrInternal
            && SymbolEqualityComparer.Default.Equals(constructor.ContainingAssembly, user.ContainingAssembly));

    // A name alone does not make a parameter known: what is passed has to convert.
    private static bool IsKnown(IParameterSymbol parameter) => parameter.RefKind == RefKind.None && parameter.Name switch
    {
        "channels" or "inputChannels" or "outputChannels" => parameter.Type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64,
        "device" => parameter.Type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString() == "TorchSharp.torch.Device" && parameter.NullableAnnotation != NullableAnnotation.NotAnnotated,
        "dtype" => parameter.Type.ToDisplayString() == "TorchSharp.torch.ScalarType?",
        _ => false,
    };

    private static bool IsAmbiguous(IMethodSymbol constructor) =>
        constructor.Parameters.Any(p => p.Name == "channels") && constructor.Parameters.Any(p => p.Name is "inputChannels" or "outputChannels");

    private static bool HasRequired(INamedTypeSymbol module)
    {
        for (INamedTypeSymbol? type = module; type is not null; type = type.BaseType)
        {
            if (type.GetMembers().Any(member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }))
            {
                return true;
            }
        }

        return false;
    }
}
