using Iqt.Reversible;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks;

/// <summary>Takes neither type nor device.</summary>
public sealed class TypelessModule : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _scale = new(ones(1));

    /// <summary>With one parameter.</summary>
    public TypelessModule() : base(nameof(TypelessModule))
    {
        register_buffer("calls", zeros(1, ScalarType.Int64));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.mul(_scale);
}

/// <summary>Such a module as a layer and as F and G.</summary>
[Network("typeless", InputChannels = 2)]
public sealed partial class TypelessNetwork
{
    [Conv3d(4), Layer<TypelessModule>]
    private partial Segment First { get; }

    [Stack<TypelessModule>(2)]
    private partial Segment Blocks { get; }
}
