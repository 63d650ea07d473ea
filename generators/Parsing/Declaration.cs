namespace Iqt.Generators.Parsing;

/// <summary>What a class marked [Network], [Elongate] or [ResidualFunction] says, as written; nothing is judged yet.</summary>
/// <param name="Kind">A network or a residual function.</param>
/// <param name="Class">The class itself.</param>
/// <param name="Name">The network's name; empty for a residual function.</param>
/// <param name="InputChannels">Channels of the input that [Network] declares; null if it declares none.</param>
/// <param name="Dimensions">Spatial dimensions as written; 3 for a residual function.</param>
/// <param name="Hyperparameters">In the order of the source, an elongated network's own behind those it takes over.</param>
/// <param name="Members">Segments or groups of layers, in the order in which they run.</param>
/// <param name="Elongation">What was elongated; null for a network that stands alone.</param>
internal sealed record Declaration(
    DeclarationKind Kind,
    DeclaredClass Class,
    string Name,
    Setting? InputChannels,
    int Dimensions,
    EquatableArray<DeclaredHyperparameter> Hyperparameters,
    EquatableArray<DeclaredMember> Members,
    DeclaredElongation? Elongation = null);

internal enum DeclarationKind
{
    Network,
    ResidualFunction,
}

/// <param name="Base">The elongated network's class name.</param>
/// <param name="IsNetwork">Whether it is a declared network that can be read.</param>
/// <param name="IsBroken">Whether it does not exist or breaks a rule itself, which is reported there.</param>
/// <param name="Segments">Its segments' names.</param>
/// <param name="Misplaced">The class's own segments that could not be placed.</param>
internal sealed record DeclaredElongation(string Base, bool IsNetwork, bool IsBroken, EquatableArray<string> Segments, EquatableArray<DeclaredMember> Misplaced);

/// <param name="Namespace">Empty for the global namespace.</param>
/// <param name="Headers">How a second part of the class begins, from outside in: <c>partial class Net</c>.</param>
/// <param name="File">The beginning of the names of the files that complete it.</param>
/// <param name="Obstacle">What of the class's form generated code can't complete, for a message; null if nothing.</param>
/// <param name="IsOpen">Whether a second part of it is possible: the class and all around it are partial.</param>
internal sealed record DeclaredClass(
    string Namespace, string Name, EquatableArray<string> Headers, string File, string Summary, bool IsPartial, string? Obstacle, bool IsOpen, bool SpansFiles, DeclaredSurroundings Surroundings)
{
    /// <summary>The name as code writes it: a keyword with @.</summary>
    public string Identifier => CSharpName.Escaped(Name);
}

/// <param name="Property">The property as declared.</param>
/// <param name="Default">The value where none is given.</param>
/// <param name="Strays">Attributes beside it that make a segment of a property.</param>
internal sealed record DeclaredHyperparameter(DeclaredProperty Property, int Default, EquatableArray<DeclaredOperation> Strays);

/// <param name="Property">The property as declared.</param>
/// <param name="Operations">What its attributes say, in order.</param>
/// <param name="Wiring">What it reads and how its output is used.</param>
/// <param name="Unknown">Attributes of the declaration's namespace that the vocabulary does not have.</param>
internal sealed record DeclaredMember(
    DeclaredProperty Property, EquatableArray<DeclaredOperation> Operations, DeclaredWiring Wiring, EquatableArray<DeclaredOperation> Unknown = default)
{
    public string Name => Property.Name;

    public bool IsInput => Operations.Any(operation => operation.Attribute == "Input");
}

/// <summary>Names in reach of generated code that may be taken.</summary>
/// <param name="OwnMembers">Members of the class that are no part of the declaration.</param>
/// <param name="Inherited">Declared members that would hide one of the base class.</param>
/// <param name="Shadowing">Types beside the class that hide those that generated code means.</param>
/// <param name="HidesNamespaces">Whether namespaces have to be named from their root.</param>
internal sealed record DeclaredSurroundings(
    EquatableArray<string> OwnMembers, EquatableArray<string> Inherited, EquatableArray<string> Shadowing, bool HidesNamespaces)
{
    public static DeclaredSurroundings None { get; } = new(default, default, default, false);
}

/// <param name="Modifiers">As written, without <c>partial</c>, for the implementing part; empty where there are none.</param>
/// <param name="Type">Its type: <c>Segment</c>, <c>Layers</c>, <c>int</c>, or what else it is, for a message.</param>
/// <param name="TypeCode">The type as code anywhere writes it.</param>
/// <param name="Obstacle">What of its form generated code can't complete, for a message; null if nothing.</param>
/// <param name="Accessors"><c>get</c>; with <c>set</c> or <c>init</c> behind it if it has one, which it should not.</param>
/// <param name="CanImplement">Whether an implementing part is legal, so that a stub silences the compiler.</param>
/// <param name="IsTakenOver">Whether it comes from an elongated network: generated code declares it itself.</param>
internal sealed record DeclaredProperty(
    string Name, string Modifiers, string Type, string TypeCode, string Summary, string? Obstacle, string Accessors, bool CanImplement, bool IsTakenOver = false)
{
    /// <summary>The name as code writes it: a keyword with @.</summary>
    public string Identifier => CSharpName.Escaped(Name);
}
