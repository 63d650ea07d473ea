/// Declarations that break one rule, with the place that the rule is to point at between ‹ and ›.
module Iqt.Tests.Generators.Rules.Case

/// A declaration that breaks one rule, and words of the message.
type Case = {
    Rule: string
    Title: string
    Source: string
    Words: string
}

let case rule title source words = {
    Rule = rule
    Title = title
    Source = source
    Words = words
}

let functionF =
    "[ResidualFunction] public sealed partial class F { [Relu, Conv3d(Kernel = 3, Padding = 1)] private partial Layers Only { get; } }\n"

/// A network of six input channels with these members, and a residual function F.
let network members =
    functionF
    + $"[Network(\"net\", InputChannels = 6)] public sealed partial class Net {{ {members} }}"

/// The same in 2D, without the residual function.
let network2d members =
    $"[Network(\"net\", InputChannels = 6, Dimensions = 2)] public sealed partial class Net {{ {members} }}"

let residualFunction members =
    $"[ResidualFunction] public sealed partial class G {{ {members} }}"

/// A network that is elongated by a class with these members.
let elongated members =
    network "[Conv3d(8)] private partial Segment Layer { get; } [Conv3d(4)] private partial Segment Head { get; }"
    + $" [Elongate<Net>(\"long\")] public sealed partial class Long {{ {members} }}"

let layer = "[Conv3d(8, Kernel = 3)] private partial Segment Layer { get; }"

/// A module of the user's own, with this as its constructor's parameters.
let moduleWith parameters =
    $"public sealed class M : TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> {{ public M({parameters}) : base(\"m\") {{ }} public override TorchSharp.torch.Tensor forward(TorchSharp.torch.Tensor input) => input; }}\n"
