using System.Globalization;
using System.Text.RegularExpressions;

namespace Iqt.Training;

/// <summary>
/// Names of tensors in the authors' PyTorch model (github.com/sbb-gh/Deeper-Image-Quality-Transfer…, class ESPCN_RN in
/// models.py) and in ours: <c>rn0.F3.5.weight</c> is <c>stack1.3.f.spatial.conv.weight</c>, <c>conv0.0.bias</c> is
/// <c>layer1.conv.bias</c>. docs/interchange.md has the table.
/// </summary>
public static partial class AuthorsNames
{
    // Places in the authors' sequence BN, ReLU, conv 1³, BN, ReLU, conv 3³, BN, ReLU, conv 1³.
    private static readonly (string Ours, string Theirs)[] Places =
    [
        ("reduce.norm", "0"), ("reduce.conv", "2"), ("spatial.norm", "3"), ("spatial.conv", "5"), ("expand.norm", "6"), ("expand.conv", "8"),
    ];

    /// <summary>The authors' name of one of our tensors, or null if their model has none.</summary>
    public static string? ToAuthors(string name)
    {
        if (OurBlock().Match(name) is { Success: true } block && Places.FirstOrDefault(place => place.Ours == block.Groups["place"].Value) is { Theirs: { } place })
        {
            return $"rn{Shifted(block, "segment", -1)}.{block.Groups["function"].Value.ToUpperInvariant()}{block.Groups["block"].Value}.{place}.{block.Groups["tensor"].Value}";
        }

        return OurLayer().Match(name) is { Success: true } layer
            ? $"conv{Shifted(layer, "segment", -1)}.0.{layer.Groups["tensor"].Value}"
            : null;
    }

    /// <summary>Our name of one of the authors' tensors, or null if it is none.</summary>
    public static string? FromAuthors(string name)
    {
        if (TheirBlock().Match(name) is { Success: true } block && Places.FirstOrDefault(place => place.Theirs == block.Groups["place"].Value) is { Ours: { } place })
        {
            return $"stack{Shifted(block, "segment", 1)}.{block.Groups["block"].Value}.{block.Groups["function"].Value.ToLowerInvariant()}.{place}.{block.Groups["tensor"].Value}";
        }

        return TheirLayer().Match(name) is { Success: true } layer
            ? $"layer{Shifted(layer, "segment", 1)}.conv.{layer.Groups["tensor"].Value}"
            : null;
    }

    private static int Shifted(Match match, string group, int by) =>
        int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) + by;

    [GeneratedRegex(@"^stack(?<segment>[123])\.(?<block>\d+)\.(?<function>[fg])\.(?<place>\w+\.\w+)\.(?<tensor>\w+)$")]
    private static partial Regex OurBlock();

    [GeneratedRegex(@"^layer(?<segment>[123])\.conv\.(?<tensor>weight|bias)$")]
    private static partial Regex OurLayer();

    [GeneratedRegex(@"^rn(?<segment>[012])\.(?<function>[FG])(?<block>\d+)\.(?<place>\d+)\.(?<tensor>\w+)$")]
    private static partial Regex TheirBlock();

    [GeneratedRegex(@"^conv(?<segment>[012])\.0\.(?<tensor>weight|bias)$")]
    private static partial Regex TheirLayer();
}
