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
/// <param name="Segments">Its segments' names.</param>
/// <param name="Misplaced">The class's own segments that could not be placed.</param>
internal sealed record DeclaredElongation(string Base, bool IsNetwork, EquatableArray<string> Segments, EquatableArray<DeclaredMember> Misplaced);

/// <param name="Namespace">Empty for the global namespace.</param>
/// <param name="Header">How a second part of the class begins: <c>partial class Net</c>.</param>
/// <param name="Obstacle">What of the class's form generated code can't complete, for a message; null if nothing.</param>
/// <param name="IsNested">Whether it stands inside another class, where a second part can't reach it.</param>
internal sealed record DeclaredClass(
    string Namespace, string Name, string Header, string Summary, bool IsPartial, string? Obstacle, bool IsNested, bool SpansFiles);

/// <param name="Property">The property as declared.</param>
/// <param name="Default">The value where none is given.</param>
internal sealed record DeclaredHyperparameter(DeclaredProperty Property, int Default);

/// <param name="Property">The property as declared.</param>
/// <param name="Operations">What its attributes say, in order.</param>
/// <param name="Wiring">What it reads and how its output is used.</param>
internal sealed record DeclaredMember(DeclaredProperty Property, EquatableArray<DeclaredOperation> Operations, DeclaredWiring Wiring)
{
    public string Name => Property.Name;

    public bool IsInput => Operations.Any(operation => operation.Attribute == "Input");
}

/// <param name="Modifiers">Its accessibility as written, for the implementing part.</param>
/// <param name="Type">Its type's name.</param>
/// <param name="Obstacle">What of its form generated code can't complete, for a message; null if nothing.</param>
/// <param name="Setter"><c>set</c> or <c>init</c> if it has one, which it should not; null otherwise.</param>
/// <param name="CanImplement">Whether an implementing part is legal, so that a stub silences the compiler.</param>
/// <param name="IsTakenOver">Whether it comes from an elongated network: generated code declares it itself.</param>
internal sealed record DeclaredProperty(
    string Name, string Modifiers, string Type, string Summary, string? Obstacle, string? Setter, bool CanImplement, bool IsTakenOver = false);
