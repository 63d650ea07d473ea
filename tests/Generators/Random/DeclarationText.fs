/// A declaration as parts that a test can change, and its C#.
module Iqt.Tests.Generators.DeclarationText

open System

/// A property of a class.
type Member = {
    Attributes: string list
    Modifiers: string
    Type: string
    Name: string
    Accessors: string
}

/// A class: a network, an elongated network or a residual function.
type Class = {
    Marker: string
    Modifiers: string
    Name: string
    Behind: string
    Members: Member list
    Extra: string
}

/// An activation that a segment may read.
type Activation = {
    Name: string
    Channels: int
    Edge: int
}

/// A file: modules of a user's own, residual functions, a network, perhaps its elongated form.
type Declaration = {
    Dimensions: int
    Functions: Class list
    Network: Class
    Elongated: Class option
    /// The edge that each input was made for, by name.
    Edges: Map<string, int>
    /// The last activation.
    Last: Activation
}

let segment name attributes : Member = {
    Attributes = attributes
    Modifiers = "private partial"
    Type = "Segment"
    Name = name
    Accessors = "{ get; }"
}

let layers name attributes = {
    segment name attributes with
        Type = "Layers"
}

let hyperparameter name (value: int) = {
    segment name [ $"Hyperparameter({value})" ] with
        Modifiers = "public partial"
        Type = "int"
}

let classOf marker name members = {
    Marker = marker
    Modifiers = "public sealed partial"
    Name = name
    Behind = ""
    Members = members
    Extra = ""
}

let private modules =
    """
public sealed class Scaled : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Parameter _scale;

    public Scaled(int channels, Device? device = null, ScalarType? dtype = null) : base(nameof(Scaled))
    {
        _scale = new TorchSharp.Modules.Parameter(ones([channels, 1, 1], dtype: dtype, device: device));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using Tensor flat = input.flatten(2);
        using Tensor rows = flat.unsqueeze(3);
        using Tensor scaled = rows.mul(_scale);
        return scaled.reshape(input.shape);
    }
}

public sealed class Mixed : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Conv1d _conv;

    public Mixed(int inputChannels, int outputChannels, ScalarType? dtype = null) : base(nameof(Mixed))
    {
        _conv = nn.Conv1d(inputChannels, outputChannels, 1, dtype: dtype);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using Tensor flat = input.flatten(2);
        using Tensor mixed = _conv.call(flat);
        return mixed.reshape([input.shape[0], mixed.shape[1], .. input.shape[2..]]);
    }
}

public sealed class Unbuildable : nn.Module<Tensor, Tensor>
{
    public Unbuildable(string path) : base(path) { }

    public override Tensor forward(Tensor input) => input.alias();
}
"""

let private memberText (m: Member) =
    let attributes = String.concat ", " (m.Attributes)
    $"    [{attributes}]\n    {m.Modifiers} {m.Type} {m.Name} {m.Accessors}"

let classText (c: Class) =
    let members = String.concat "\n" (c.Members |> List.map memberText)
    $"[{c.Marker}]\n{c.Modifiers} class {c.Name}{c.Behind}\n{{\n{members}\n{c.Extra}}}\n"

/// The file.
let text (d: Declaration) =
    let classes = d.Functions @ [ d.Network ] @ Option.toList d.Elongated

    "using Iqt.Reversible;\nusing TorchSharp;\nusing static TorchSharp.torch;\nnamespace Sample;\n"
    + modules
    + "\n"
    + String.concat "\n" (classes |> List.map classText)
