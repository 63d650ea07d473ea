using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Parsing;

/// <summary>Names the files that complete a class.</summary>
internal static class FileName
{
    /// <summary>
    /// <c>Iqt.Models.EspcnRn</c>. The compiler compares names of files without regard to case: where another type or namespace
    /// differs from this one in nothing else, a checksum of the name follows.
    /// </summary>
    public static string Of(INamedTypeSymbol type)
    {
        string name = Name(type);
        return HasTwin(type) ? $"{name}-{Checksum(name).ToString("x8", CultureInfo.InvariantCulture)}" : name;
    }

    private static string Name(ISymbol symbol) =>
        symbol.ContainingSymbol is INamedTypeSymbol or INamespaceSymbol { IsGlobalNamespace: false } ? $"{Name(symbol.ContainingSymbol)}.{symbol.MetadataName}" : symbol.MetadataName;

    private static bool HasTwin(INamespaceOrTypeSymbol symbol) =>
        symbol.ContainingSymbol is INamespaceOrTypeSymbol outer
            && (outer.GetMembers().Any(other => other.MetadataName != symbol.MetadataName && string.Equals(other.MetadataName, symbol.MetadataName, StringComparison.OrdinalIgnoreCase))
                || (outer is not INamespaceSymbol { IsGlobalNamespace: true } && HasTwin(outer)));

    // FNV-1a: string.GetHashCode differs from run to run.
    private static uint Checksum(string text) => Encoding.UTF8.GetBytes(text).Aggregate(2166136261u, (hash, next) => unchecked((hash ^ next) * 16777619u));
}
