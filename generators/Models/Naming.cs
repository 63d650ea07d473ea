using System.Globalization;
using Iqt.Generators.Parsing;
using Microsoft.CodeAnalysis.CSharp;

namespace Iqt.Generators.Models;

/// <summary>How declared names appear in generated code.</summary>
internal static class Naming
{
    /// <summary>Stack1 → stack1: parameters, and prefixes of the names of weights.</summary>
    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary>Blocks → blocks, Class → @class.</summary>
    public static string Parameter(string name) => CSharpName.Escaped(Camel(name));

    /// <summary>Stack1 → _stack1.</summary>
    public static string Field(string name) => "_" + Camel(name);

    /// <summary>Layer1, conv → _layer1Conv.</summary>
    public static string Field(string member, string layer) =>
        layer.Length == 0 ? "" : Field(member) + char.ToUpperInvariant(layer[0]) + layer.Substring(1);

    /// <summary>Layer1, conv → _layer1ConvAdjoint.</summary>
    public static string AdjointField(string member, string layer) => Field(member, layer) + "Adjoint";

    /// <summary>The class that generated code nests in a network, where it hides any other of that name.</summary>
    public const string NestedClass = "Pass";

    /// <summary>A type as code in a class writes it.</summary>
    public static string Type(DeclaredType type, DeclaredClass inside) =>
        type.Code == $"global::{(inside.Namespace.Length > 0 ? inside.Namespace + "." : "")}{type.Name}" ? type.Name : type.Code;

    /// <summary>The expression that builds a user's module with the arguments that its constructor takes.</summary>
    public static string NewModule(DeclaredType type, string input, string output)
    {
        IEnumerable<string> arguments = (type.Constructor ?? default).Select(name => name switch
        {
            "outputChannels" => $"{name}: {output}",
            "channels" or "inputChannels" => $"{name}: {input}",
            _ => $"{name}: {name}",
        });
        return $"new {type.Code}({string.Join(", ", arguments)})";
    }

    /// <summary>A C# string literal.</summary>
    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>A C# number that reads back as the same one.</summary>
    public static string Literal(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Text for an XML comment.</summary>
    public static string Xml(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
