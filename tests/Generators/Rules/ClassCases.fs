/// Rules for classes and their properties: IQT001 to IQT005, IQT015.
module Iqt.Tests.Generators.Rules.ClassCases

open Iqt.Tests.Generators.Rules.Case

let cases = [
    case
        "IQT001"
        "class not partial"
        $"[Network(\"net\", InputChannels = 6)] public sealed class ‹Net› {{ {layer} }}"
        "write 'partial class Net'"
    case
        "IQT001"
        "residual function not partial, and a stack of it"
        ("[ResidualFunction] public sealed class ‹G› { [Relu] private partial Layers Only { get; } } "
         + network "[Stack<G>(2)] private partial Segment Stack { get; }")
        "declared as a residual function but is not partial"

    case
        "IQT002"
        "static and empty"
        "[Network(\"net\", InputChannels = 6)] public static partial class ‹Net› { }"
        "static"
    case
        "IQT002"
        "abstract class"
        $"[Network(\"net\", InputChannels = 6)] public abstract partial class ‹Net› {{ {layer} }}"
        "but is abstract"
    case
        "IQT002"
        "constructor of its own"
        $"[Network(\"net\", InputChannels = 6)] public sealed partial class ‹Net› {{ public Net(string s) {{ }} {layer} }}"
        "has a constructor of its own"
    case
        "IQT002"
        "generic class"
        $"[Network(\"net\", InputChannels = 6)] public sealed partial class ‹Net›<T> {{ {layer} }}"
        "but is generic"
    case
        "IQT002"
        "class in a class"
        $"public partial class Outer {{ [Network(\"net\", InputChannels = 6)] public sealed partial class ‹Net› {{ {layer} }} }}"
        "is nested in Outer"
    case
        "IQT002"
        "record"
        $"[Network(\"net\", InputChannels = 6)] public sealed partial record ‹Net› {{ {layer} }}"
        "is a record"
    case
        "IQT002"
        "base class of another kind"
        $"[Network(\"net\", InputChannels = 6)] public sealed partial class ‹Net› : System.Exception {{ {layer} }}"
        "already derives from Exception"
    case
        "IQT002"
        "description written by hand"
        $"[Network(\"net\", InputChannels = 6), DeclarationDescription(\"network\")] public sealed partial class ‹Net› {{ {layer} }}"
        "describes itself already"
    case
        "IQT002"
        "two markers on one class"
        $"[Network(\"net\", InputChannels = 6), ResidualFunction] public sealed partial class ‹Net› {{ {layer} }}"
        "is declared as something else as well"

    case
        "IQT003"
        "no segments"
        (functionF
         + "[Network(\"net\", InputChannels = 6)] public sealed partial class ‹Net› { }")
        "declares no segments"
    case "IQT003" "no layers" "[ResidualFunction] public sealed partial class ‹G› { }" "declares no layers"
    case
        "IQT003"
        "inputs, but no segments"
        "[Network(\"net\")] public sealed partial class ‹Net› { [Input(3)] private partial Segment Image { get; } }"
        "declares no segments"

    case
        "IQT004"
        "property with a setter"
        (network "[Conv3d(8)] private partial Segment ‹Layer› { get; set; }")
        "it has a setter"
    case "IQT004" "wrong type" (network "[Conv3d(8)] private partial Layers ‹Layer› { get; }") "its type is Layers"
    case
        "IQT004"
        "type of the same name from elsewhere"
        ("public class Other { public class Segment; }\n"
         + network "[Conv3d(8)] private partial Other.Segment ‹Layer› { get; }")
        "its type is Sample.Other.Segment"
    case
        "IQT004"
        "nullable"
        (network "[Conv3d(8)] private partial Segment? ‹Layer› { get; }")
        "its type is Iqt.Reversible.Segment?"
    case "IQT004" "static" (network "[Conv3d(8)] private static partial Segment ‹Layer› { get; }") "it is static"
    case
        "IQT004"
        "virtual"
        "[Network(\"net\", InputChannels = 6)] public partial class Net { [Conv3d(8)] public virtual partial Segment ‹Layer› { get; } }"
        "it is virtual"
    case
        "IQT004"
        "required"
        "[Network(\"net\", InputChannels = 6)] public partial class Net { [Conv3d(8)] public required partial Segment ‹Layer› { get; init; } }"
        "it has a setter"
    case
        "IQT004"
        "hyperparameter of another type"
        (network $"[Hyperparameter(2)] public partial long ‹Blocks› {{ get; }} {layer}")
        "its type is long"

    case
        "IQT005"
        "segment without attributes"
        (network (layer + " private partial Segment ‹Empty› { get; }"))
        "Empty has no attribute"
    case
        "IQT005"
        "segment that only names its source"
        (network (layer + " [From(nameof(Layer))] private partial Segment ‹Empty› { get; }"))
        "Empty has no attribute"

    case
        "IQT015"
        "stack in a residual function"
        (functionF
         + residualFunction "[‹Stack<F>(2)›] private partial Layers Only { get; }")
        "stacks belong to networks"
    case
        "IQT015"
        "residual function in itself"
        (residualFunction "[‹Stack<G>(2)›] private partial Layers Only { get; }")
        "stacks belong to networks"
    case
        "IQT015"
        "stack and layers on one segment"
        (network "[‹Stack<F>(2)›, Relu] private partial Segment Both { get; }")
        "a stack or layers, not both"
    case
        "IQT015"
        "rearrangement in a residual function"
        (residualFunction "[‹Squeeze›] private partial Layers Only { get; }")
        "keeps channels and size"
    case
        "IQT015"
        "source in a residual function"
        (residualFunction "[‹From(\"X\")›, Relu] private partial Layers Only { get; }")
        "run one after the other"
    case
        "IQT015"
        "output in a residual function"
        (residualFunction "[Relu, ‹Output›] private partial Layers Only { get; }")
        "run one after the other"
    case
        "IQT015"
        "strategy in a residual function"
        (residualFunction "[Relu, ‹Backpropagate(SegmentStrategy.Store)›] private partial Layers Only { get; }")
        "run one after the other"
    case
        "IQT015"
        "place in a residual function"
        (residualFunction "[Relu, ‹After(\"X\")›] private partial Layers Only { get; }")
        "run one after the other"
    case
        "IQT015"
        "input in a residual function"
        (residualFunction
            "[‹Input(3)›] private partial Layers Image { get; } [Relu] private partial Layers Only { get; }")
        "inputs belong to networks"
    case
        "IQT015"
        "hyperparameter in a residual function"
        (residualFunction
            "[Hyperparameter(2)] public partial int ‹Edge› { get; } [Relu] private partial Layers Only { get; }")
        "hyperparameters belong to networks"
    case
        "IQT015"
        "hyperparameter that is a layer"
        (network $"[Hyperparameter(2), ‹Relu›] public partial int Blocks {{ get; }} {layer}")
        "a hyperparameter is a number"
    case
        "IQT015"
        "place in a network of its own"
        (network $"{layer} [‹After(nameof(Layer))›, Relu] private partial Segment Behind {{ get; }}")
        "only segments of a class marked [Elongate<…>(…)] are placed"
    case
        "IQT015"
        "input that is an output"
        (network $"[Input(3), ‹Output›] private partial Segment Image {{ get; }} {layer}")
        "an input reads nothing"
    case
        "IQT015"
        "input that reads"
        (network $"[Input(3), ‹From(\"Input\")›] private partial Segment Image {{ get; }} {layer}")
        "an input reads nothing"
    case
        "IQT015"
        "input with a layer"
        (network $"[‹Input(3)›, Relu] private partial Segment Image {{ get; }} {layer}")
        "give what follows a segment of its own"
    case
        "IQT015"
        "source and join"
        (network
            $"{layer} [From(nameof(Layer)), ‹Sum(\"Input\", nameof(Layer))›] private partial Segment Both {{ get; }}")
        "[From] says already what it reads"
    case
        "IQT015"
        "input of an elongated network"
        (elongated
            "[‹Input(3)›, After(\"Layer\")] private partial Segment Image { get; } [After(\"Layer\"), Relu] private partial Segment Behind { get; }")
        "has the inputs of the one that it elongates"
]
