using Microsoft.CodeAnalysis.CSharp;

namespace Iqt.Generators.Parsing;

/// <summary>Declared names as C# writes them.</summary>
internal static class CSharpName
{
    /// <summary>A keyword with @; <c>field</c> is one inside properties only, where generated code names others.</summary>
    public static string Escaped(string name) => name == "field" || SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
}
