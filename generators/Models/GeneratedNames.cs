using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Models;

/// <summary>The names that a declared property leads to in generated code.</summary>
internal static class GeneratedNames
{
    /// <summary>The field of a network in which its segments are kept.</summary>
    public const string SegmentsField = "_segments";

    /// <summary>Members of the class.</summary>
    public static IEnumerable<string> OfClass(string name, Declaration declaration) =>
        Of(name, declaration).Where(given => given.Scope == "class").Select(given => given.Name);

    /// <summary>The same, and locals of the constructor and of the forward pass.</summary>
    public static IEnumerable<(string Scope, string Name)> Of(string name, Declaration declaration)
    {
        yield return ("class", name);
        yield return ("class", Naming.Field(name));
        DeclaredMember? member = declaration.Members.FirstOrDefault(m => m.Name == name);
        if (member is null)
        {
            yield return ("constructor", Naming.Camel(name));
            yield break;
        }

        foreach (string verb in new[] { "Graph", "Run", "Forward", "Backward", "Invert" })
        {
            yield return ("class", verb + name);
        }

        foreach (OperationModel operation in new OperationChain(_ => Count.Unknown, 3, Doubts.None).Build(member, Count.Unknown).Where(o => o.Name.Length > 0))
        {
            yield return ("class", Naming.Field(name, operation.Name));
            if (operation.Kind.Adjoint(operation) is AdjointForm.Convolution or AdjointForm.Normalization)
            {
                yield return ("class", Naming.AdjointField(name, operation.Name));
            }
        }

        yield return ("constructor", Naming.Camel(name + "Layers"));
        yield return ("graph", Naming.Camel(name));
        if (member.Wiring.Sources.Any(source => source.Attribute != "From"))
        {
            yield return ("graph", Naming.Camel(name + "Input"));
        }
    }
}
