using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Diagnostics;

/// <summary>Every rule that a declaration has to keep. Each has a page in docs/diagnostics.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor NotPartial = Rule(
        "IQT001", "Class is not partial", "Class {0} is declared as a {1} but is not partial, so generated code can't complete it: write 'partial class {0}'");

    public static readonly DiagnosticDescriptor UnsupportedClass = Rule(
        "IQT002", "Class can't be completed", "Class {0} is declared as a {1} but {2}; declare it as a plain, top-level 'sealed partial class' without base class, type parameters and constructors");

    public static readonly DiagnosticDescriptor NoMembers = Rule(
        "IQT003", "Declaration is empty", "Class {0} declares no {1}: add partial properties of type {2}, each with the attributes of what it does");

    public static readonly DiagnosticDescriptor UnsupportedProperty = Rule(
        "IQT004", "Property can't be completed", "Property {0} can't be completed by generated code because {1}; declare it as 'partial {2} {0} {{ get; }}'");

    public static readonly DiagnosticDescriptor NoOperations = Rule(
        "IQT005", "Member does nothing", "{0} has no attribute that says what it does: add [Conv3d(…)], [BatchNorm], [Relu], [VoxelShuffle(…)] or, in a network, [Stack<…>(…)]");

    public static readonly DiagnosticDescriptor SeveralFiles = Rule(
        "IQT006", "Declaration is spread over files", "The {1} of {0} stand in several files, so their order is undefined: move them into one file");

    public static readonly DiagnosticDescriptor OutOfRange = Rule(
        "IQT007", "Number is out of range", "{0} is {1}; it has to be {2}");

    public static readonly DiagnosticDescriptor UnknownHyperparameter = Rule(
        "IQT008", "Hyperparameter is not declared", "'{0}' is no hyperparameter of {1}: {2}");

    public static readonly DiagnosticDescriptor OddChannels = Rule(
        "IQT009", "Channels of a stack are odd", "Stack {0} splits its {1} channels into two halves, and {1} is odd: give {2} an even number of channels");

    public static readonly DiagnosticDescriptor NotAResidualFunction = Rule(
        "IQT010", "Not a residual function", "{0} is used as a residual function of stack {1} but {2}");

    public static readonly DiagnosticDescriptor ChangesChannels = Rule(
        "IQT011", "Residual function changes channels", "Residual function {0} ends with {1} channels, but its result is added to as many channels as come in: write the last convolution without a number, [Conv3d(Kernel = …)]");

    public static readonly DiagnosticDescriptor ChangesSize = Rule(
        "IQT012", "Residual function changes the size", "{0} {1}, but a residual function keeps the size: {2}");

    public static readonly DiagnosticDescriptor NotDivisible = Rule(
        "IQT013", "Channels don't divide", "{0} needs a multiple of {1} channels, and {2} has {3}: {4} or {5} would fit");

    public static readonly DiagnosticDescriptor NoChannels = Rule(
        "IQT014", "Convolution without channels", "The convolution of {0} names no output channels: write [{1}(channels, Kernel = …)]; only in a residual function they follow from the stack");

    public static readonly DiagnosticDescriptor Misplaced = Rule(
        "IQT015", "Attribute can't stand here", "[{0}] can't stand on {1}: {2}");

    public static readonly DiagnosticDescriptor BadName = Rule(
        "IQT016", "Network name is malformed", "'{0}' can't name a network: use lower-case letters, digits and single hyphens, starting with a letter, for example '{1}'");

    public static readonly DiagnosticDescriptor ReservedName = Rule(
        "IQT017", "Name is taken", "{0} can't be called so, because {1}: choose another");

    public static readonly DiagnosticDescriptor UnknownSegment = Rule(
        "IQT018", "Segment can't be read", "{0} can't read '{1}': {2}");

    public static readonly DiagnosticDescriptor JoinsTooFew = Rule(
        "IQT019", "Too few or equal sources", "[{0}] of {1} {2}: name at least two different segments, or write [From(…)] for one");

    public static readonly DiagnosticDescriptor UnequalChannels = Rule(
        "IQT020", "Summands differ in channels", "{0} adds {1}: give them equal channels, or write [Concat(…)]");

    public static readonly DiagnosticDescriptor UnequalSizes = Rule(
        "IQT021", "Sources never have equal sizes", "{0} joins {1}, whose sizes differ for every input (for edges of {2} voxels they are {3}): pad a convolution, resample one of them ([Upsample(…)], [ConvTranspose3d(…)]), or crop by a module of your own ([Layer<…>])");

    public static readonly DiagnosticDescriptor NeverRead = Rule(
        "IQT022", "Output is never read", "Nothing reads the output of {0}: read it in a segment below, mark it [Output], or remove it");

    public static readonly DiagnosticDescriptor WrongDimensions = Rule(
        "IQT023", "Dimensions don't match", "{0} on {1} is for {2}D, but the {3} is {4}D: write {5}");

    public static readonly DiagnosticDescriptor UnsuitableModule = Rule(
        "IQT024", "Module can't be built", "{0} on {1} can't be built by generated code because {2}; a module of your own has a public constructor with the parameters 'int channels' (or 'int inputChannels, int outputChannels') and, if it needs them, 'Device? device', 'ScalarType? dtype'");

    public static readonly DiagnosticDescriptor ImpossibleStrategy = Rule(
        "IQT025", "Segment can't be backpropagated so", "{0} can't be backpropagated by {1}: {2}");

    public static readonly DiagnosticDescriptor NotANetwork = Rule(
        "IQT026", "Not a declared network", "{0} elongates {1}, which is not marked [Network] or was compiled without its description: name a declared network");

    public static readonly DiagnosticDescriptor NotPlaced = Rule(
        "IQT027", "Segment has no place", "{0} {1}: place it once, by [Before(…)] or [After(…)] with one of {2}");

    public static readonly DiagnosticDescriptor NothingFits = Rule(
        "IQT028", "No input fits", "No input of up to {0} voxels along its edges gives an output: {1} takes away more than there is");

    public static readonly DiagnosticDescriptor SameNetworkName = Rule(
        "IQT029", "Two networks have one name", "Networks {0} and {1} are both called '{2}': rename one");

    public static readonly DiagnosticDescriptor UnknownAttribute = Rule(
        "IQT030", "Attribute is not understood", "The generator has no layer kind for [{0}] on {1}, so the layer would be left out: give it one (an attribute in the namespace Iqt.Reversible, and generators/Vocabulary/LayerKinds.cs), or declare a module of your own by [Layer<…>]");

    public static readonly DiagnosticDescriptor Unmarked = Rule(
        "IQT031", "Attribute is missing", "{0} has no attribute that says what it is, so generated code does not complete it: add {1}");

    /// <summary>All of them, in the order of their numbers.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
    [
        NotPartial, UnsupportedClass, NoMembers, UnsupportedProperty, NoOperations, SeveralFiles, OutOfRange, UnknownHyperparameter,
        OddChannels, NotAResidualFunction, ChangesChannels, ChangesSize, NotDivisible, NoChannels, Misplaced, BadName, ReservedName,
        UnknownSegment, JoinsTooFew, UnequalChannels, UnequalSizes, NeverRead, WrongDimensions, UnsuitableModule, ImpossibleStrategy,
        NotANetwork, NotPlaced, NothingFits, SameNetworkName, UnknownAttribute, Unmarked,
    ];

    // Not to be silenced: what stands in for a broken declaration compiles, and would fail when it is used.
    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, message, "Iqt.Declaration", DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: RulePages.Link(id), customTags: WellKnownDiagnosticTags.NotConfigurable);
}
