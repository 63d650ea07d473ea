using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Validation;

/// <summary>All rules together.</summary>
internal static class DeclarationRules
{
    public static IReadOnlyList<Finding> Check(Declaration declaration) =>
        declaration.Kind == DeclarationKind.ResidualFunction ? OfFunction(declaration)
        : declaration.Elongation is { IsBroken: true } ? []
        : OfNetwork(declaration);

    // What follows from a mistake is not worked out: it would only repeat what was said already, in stranger words. What has
    // nothing to do with it is reported at once.
    private static List<Finding> OfFunction(Declaration declaration)
    {
        List<Finding> written = [.. ClassRules.Check(declaration), .. MemberRules.Check(declaration), .. NameRules.Check(declaration), .. WiringRules.Check(declaration), .. SettingRules.Check(declaration, default)];
        if (written.Any(finding => finding.Rule == Rules.SeveralFiles))
        {
            return written;
        }

        var doubts = new Doubts(written.Select(finding => finding.Target));
        ResidualFunctionModel function = ModelBuilder.ResidualFunction(declaration, doubts);
        return [.. written, .. LayerRules.Check(function.Groups, function.Dimensions, "residual function", doubts), .. FunctionRules.Check(function, doubts)];
    }

    private static List<Finding> OfNetwork(Declaration declaration)
    {
        List<Finding> ofClass = [.. ClassRules.Check(declaration)], unplaced = [.. ElongationRules.Check(declaration)];
        if (declaration.Elongation is { IsNetwork: false })
        {
            return [.. ofClass, .. unplaced];
        }

        List<Finding> ofMembers = [.. MemberRules.Check(declaration), .. NameRules.Check(declaration)];
        if (unplaced.Count > 0 || ofClass.Any(finding => finding.Rule == Rules.SeveralFiles))
        {
            return [.. ofClass, .. unplaced, .. ofMembers]; // in which order the segments stand is unknown, and so what they read
        }

        List<Finding> wiring = [.. WiringRules.Check(declaration)];
        List<Finding> written = [.. ofClass, .. ofMembers, .. wiring];
        NetworkModel network = ModelBuilder.Network(declaration, Doubts.None);
        written.AddRange(SettingRules.Check(declaration, network.Hyperparameters));
        if (declaration.Dimensions is not (2 or 3))
        {
            return written;
        }

        written.AddRange(StackRules.CheckTypes(network));
        if (written.Count > 0)
        {
            network = ModelBuilder.Network(declaration, new Doubts(written.Select(finding => finding.Target)));
        }

        // Whoever was meant to read an output may be the one that is wrong.
        bool areReadersKnown = wiring.Count == 0 && written.All(finding => finding.Rule != Rules.Misplaced) && network.Segments.Count > 0;
        return [.. written, .. OfNumbers(network, written), .. areReadersKnown ? WiringRules.CheckReaders(network) : []];
    }

    private static IEnumerable<Finding> OfNumbers(NetworkModel network, IEnumerable<Finding> written)
    {
        var doubts = new Doubts(written.Select(finding => finding.Target));
        List<Finding> ofLayers = [.. LayerRules.Check(network.Segments.OfType<LayersModel>(), network.Dimensions, "network", doubts)];
        // A number of voxels that is out of range leaves sizes unknown; channels that don't divide do not.
        var sizes = new Doubts(written.Concat(ofLayers.Where(finding => finding.Rule == Rules.OutOfRange)).Select(finding => finding.Target));
        return [.. ofLayers, .. ChannelRules.Check(network, doubts), .. SizeRules.Check(network, sizes)];
    }

    /// <summary>
    /// Whether generated code can complete the class: it breaks no rule, and nothing that it builds on does, which is reported
    /// there and only there.
    /// </summary>
    public static bool CanBeWritten(Declaration declaration) => Fault(declaration) is null;

    /// <summary>Why generated code can't complete the class, in the words of the first rule that it breaks; null if it can.</summary>
    public static string? Fault(Declaration declaration)
    {
        if (declaration.Elongation is { IsBroken: true } elongation)
        {
            return $"{elongation.Base}, which it elongates, breaks a rule or does not exist";
        }

        IReadOnlyList<Finding> findings = Check(declaration);
        DeclaredType? broken = declaration.Members.SelectMany(member => member.Operations).SelectMany(operation => operation.Types).FirstOrDefault(type => type.Role == TypeRole.Broken);
        return findings.Count > 0 ? findings[0].Message
            : broken is not null ? $"{broken.Name}, which it is made of, breaks a rule or does not exist"
            : null;
    }
}
