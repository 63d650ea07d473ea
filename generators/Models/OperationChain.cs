using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Models;

/// <summary>Works out a chain of layers: names, channels, what may run in place.</summary>
/// <param name="resolve">Turns a setting into a number.</param>
/// <param name="dimensions">Spatial dimensions, 2 or 3.</param>
/// <param name="doubts">What of the declaration breaks a rule.</param>
/// <param name="home">Channels of convolutions that name none, which only those of a residual function may; null in a network.</param>
internal sealed class OperationChain(Func<Setting, Count> resolve, int dimensions, Doubts doubts, Count? home = null)
{
    /// <summary>The chain's operations, for input with the given channels.</summary>
    public EquatableArray<OperationModel> Build(DeclaredMember member, Count input)
    {
        List<OperationModel> operations = [];
        Count channels = input;
        foreach (DeclaredOperation declared in member.Operations)
        {
            if (LayerKinds.Find(declared.Attribute) is { } kind)
            {
                bool inPlace = operations.LastOrDefault()?.Kind.LeavesOutputFree ?? false;
                var operation = new OperationModel(declared, kind, NameOf(declared, kind, member), channels, dimensions, resolve) { InPlace = inPlace, Home = home ?? Count.Unknown, IsInDoubt = doubts.OfChannels(member, declared) };
                operations.Add(operation);
                channels = operation.Handed;
            }
        }

        return new(operations);
    }

    // Numbered only where a member has several of a kind, so that names stay short and stable.
    private static string NameOf(DeclaredOperation declared, LayerKind kind, DeclaredMember member)
    {
        if (kind.ModuleName is not { } name)
        {
            return "";
        }

        List<DeclaredOperation> alike = [.. member.Operations.Where(o => LayerKinds.Find(o.Attribute)?.ModuleName == name)];
        return alike.Count == 1 ? name : $"{name}{alike.IndexOf(declared) + 1}";
    }
}
