/// Rules for names, of networks and of what generated code declares beside them: IQT016, IQT017, IQT029.
module Iqt.Tests.Generators.Rules.NameCases

open Iqt.Tests.Generators.Rules.Case

let cases = [
    case
        "IQT016"
        "malformed name"
        $"[Network(‹\"My Net\"›, InputChannels = 6)] public sealed partial class MyNet {{ {layer} }}"
        "for example 'my-net'"
    case
        "IQT016"
        "empty name"
        $"[Network(‹\"\"›, InputChannels = 6)] public sealed partial class Net {{ {layer} }}"
        "'' can't name a network"
    case
        "IQT016"
        "name that ends in a line break"
        $"[Network(‹\"net\\n\"›, InputChannels = 6)] public sealed partial class Net {{ {layer} }}"
        "can't name a network"

    case
        "IQT017"
        "name of the base class"
        (network "[Conv3d(8)] private partial Segment ‹Relation› { get; }")
        "every network has a member of that name"
    case
        "IQT017"
        "name that the base class overrides"
        (network "[Conv3d(8)] private partial Segment ‹Segments› { get; }")
        "every network has a member of that name"
    case
        "IQT017"
        "name of a module's method"
        (network "[Conv3d(8)] private partial Segment ‹train› { get; }")
        "every network has a member of that name"
    case
        "IQT017"
        "name of a class that generated code uses"
        (network "[Conv3d(8)] private partial Segment ‹VoxelShuffle› { get; }")
        "generated code calls something else so"
    case
        "IQT017"
        "name of a parameter"
        (network $"[Hyperparameter(2)] public partial int ‹Device› {{ get; }} {layer}")
        "generated code calls something else so"
    case
        "IQT017"
        "name of the input"
        (network "[Conv3d(8)] private partial Segment ‹Input› { get; }")
        "the input that [Network] declares is called so"
    case
        "IQT017"
        "names that differ in case"
        (network "[Conv3d(8)] private partial Segment Layer { get; } [Relu] private partial Segment ‹layer› { get; }")
        "Layer differs only in upper and lower case"
    case
        "IQT017"
        "name of a layer's field"
        (network
            "[Conv3d(8)] private partial Segment Layer { get; } [Stack<F>(1)] private partial Segment ‹LayerConv› { get; }")
        "generated code for Layer has that name"
    case
        "IQT017"
        "name of a method"
        (network
            "[Conv3d(8)] private partial Segment Layer { get; } [Relu] private partial Segment ‹GraphLayer› { get; }")
        "generated code for Layer has that name"
    case
        "IQT017"
        "name of a local"
        (network
            "[Conv3d(8)] private partial Segment JoinInput { get; } [Relu] private partial Segment Other { get; } [Concat(nameof(JoinInput), nameof(Other))] private partial Segment ‹Join› { get; }")
        "generated code for JoinInput has that name"
    case
        "IQT017"
        "member of its own"
        (network $"{layer} private int ‹Pass() => 3›;"
         |> fun s -> s.Replace("‹Pass() => 3›", "‹Pass›() => 3"))
        "generated code calls something else so"
    case
        "IQT017"
        "field of its own"
        (network $"private int _layerConv = 3; public int Get() => _layerConv; {layer}"
         |> fun s -> s.Replace("Segment Layer", "Segment ‹Layer›"))
        "would declare _layerConv, which the class has already"
    case
        "IQT017"
        "name that the elongated network has"
        (elongated "[After(\"Layer\"), Relu] private partial Segment ‹Head› { get; }")
        "the elongated network has a member of that name"
    case
        "IQT017"
        "layer's field of the elongated network, before it"
        (elongated "[Before(\"Layer\"), Stack<F>(1)] private partial Segment ‹LayerConv› { get; }")
        "generated code for Layer has that name"
    case
        "IQT017"
        "name of the elongated network in another case, before it"
        (elongated "[Before(\"Layer\"), Stack<F>(1)] private partial Segment ‹layer› { get; }")
        "Layer differs only in upper and lower case"
    case
        "IQT017"
        "class called like a segment of the elongated network"
        ((elongated "[After(\"Layer\"), Relu] private partial Segment Behind { get; }")
            .Replace("class Long", "class ‹Head›"))
        "the elongated network has a member of that name"
    case
        "IQT017"
        "method called like a segment of the elongated network"
        (elongated "[After(\"Layer\"), Relu] private partial Segment Behind { get; } private int ‹Head›() => 3;")
        "the elongated network has a member of that name"
    case
        "IQT017"
        "field called like one of the elongated network's"
        (elongated
            "[After(\"Layer\"), Relu] private partial Segment Behind { get; } private int ‹_layerConv› = 3; public int Get() => _layerConv;")
        "one for which generated code declares it"
    case
        "IQT017"
        "name of a segment's run"
        (network "[Conv3d(8)] private partial Segment Layer { get; } [Relu] private partial Segment ‹RunLayer› { get; }")
        "generated code for Layer has that name"
    case
        "IQT017"
        "field of an adjoint"
        (network $"private int _layerConvAdjoint = 3; public int Get() => _layerConvAdjoint; {layer}"
         |> fun s -> s.Replace("Segment Layer", "Segment ‹Layer›"))
        "would declare _layerConvAdjoint, which the class has already"
    case
        "IQT017"
        "field of the segments"
        (network $"private int ‹_segments› = 3; public int Get() => _segments; {layer}")
        "generated code calls something else so"
    case
        "IQT017"
        "class called like a method of its segment"
        ($"[Network(\"net\", InputChannels = 6)] public sealed partial class GraphLayer {{ {layer} }}"
         |> fun s -> s.Replace("Segment Layer", "Segment ‹Layer›"))
        "would declare GraphLayer, which the class itself is called"
    case
        "IQT017"
        "residual function called like what generated code nests in a network"
        ("[ResidualFunction] public sealed partial class Pass { [Relu] private partial Layers Only { get; } }\n"
         + network "[‹Stack<Pass>(1)›] private partial Segment Stack { get; }")
        "Pass can't be called so, because generated code nests a class of that name in Net"
    case
        "IQT017"
        "class called like what generated code nests in it"
        $"[Network(\"net\", InputChannels = 6)] public sealed partial class ‹Pass› {{ {layer} }}"
        "generated code calls a member of it so"
    case
        "IQT017"
        "class beside it"
        ("public class Tensor;\n"
         + $"[Network(\"net\", InputChannels = 6)] public sealed partial class ‹Net› {{ {layer} }}")
        "beside it stands Tensor"

    case
        "IQT029"
        "two networks of one name"
        ($"[Network(\"net\", InputChannels = 6)] public sealed partial class A {{ {layer} }} "
         + $"[Network(‹\"net\"›, InputChannels = 6)] public sealed partial class B {{ {layer} }}")
        "Networks A and B are both called 'net'"
]
