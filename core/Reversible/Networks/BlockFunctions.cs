using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>What a stack's block is made of, whatever its type parameters.</summary>
internal static class BlockFunctions
{
    /// <summary>The module of one half: a residual function, or the two of an affine coupling.</summary>
    /// <param name="block">Of a stack.</param>
    /// <param name="half">f or g.</param>
    public static nn.Module Half(nn.Module block, string half) => block.named_children().First(child => child.name == half).module;

    /// <summary>F or G of a block, or S and T of an affine coupling. TorchSharp lists each of these once more, by its property.</summary>
    /// <inheritdoc cref="Half"/>
    public static IReadOnlyList<ResidualFunction> Of(nn.Module block, string half) =>
        Half(block, half) is ResidualFunction function
            ? [function]
            : [.. Half(block, half).named_children().Select(child => child.module).OfType<ResidualFunction>().Distinct()];
}
