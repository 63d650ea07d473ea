namespace Iqt.Diffusion;

/// <summary>What a <see cref="TensorOrder"/> means in a file.</summary>
/// <param name="Elements">Names of the elements in the file's order.</param>
/// <param name="Frame">What the elements refer to.</param>
/// <param name="SeriesSize">Axes after the third.</param>
/// <param name="Intent">NIfTI's intent code.</param>
internal sealed record TensorConvention(IReadOnlyList<string> Elements, GradientFrame Frame, IReadOnlyList<int> SeriesSize, int Intent)
{
    /// <summary>NIFTI_INTENT_SYMMATRIX.</summary>
    public const int SymmetricMatrix = 1005;

    /// <summary>The order inside Iqt.</summary>
    public static readonly IReadOnlyList<string> FslElements = ["xx", "xy", "xz", "yy", "yz", "zz"];

    public static TensorConvention Of(TensorOrder order) => order switch
    {
        TensorOrder.Fsl => new(FslElements, GradientFrame.Bvec, [6], 0),
        TensorOrder.Mrtrix => new(["xx", "yy", "zz", "xy", "xz", "yz"], GradientFrame.Scanner, [6], 0),
        TensorOrder.Symmatrix => new(["xx", "xy", "yy", "xz", "yz", "zz"], GradientFrame.Scanner, [1, 6], SymmetricMatrix),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "unknown order"),
    };

    /// <summary>What the header of an image says of itself, should its JSON be lost or another's.</summary>
    public string Description => $"Iqt tensor {string.Join(' ', Elements)} mm^2/s";

    /// <summary>The convention that a header's description states; null if it states none.</summary>
    public static TensorConvention? OfDescription(string description) =>
        Enum.GetValues<TensorOrder>().Select(Of).FirstOrDefault(convention => convention.Description == description);

    /// <summary>For each element of the file, its place in FSL's order.</summary>
    public int[] Places() => [.. Elements.Select(name => FslElements.TakeWhile(other => other != name).Count())];
}
