using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Models;

/// <summary>One operation of a chain of layers, with its numbers worked out.</summary>
/// <param name="Declared">As written.</param>
/// <param name="Kind">What it means.</param>
/// <param name="Name">Its module's name within the member: <c>conv</c>, or <c>conv1</c>, <c>conv2</c> where there are several; empty without a module.</param>
/// <param name="Input">Channels that come in.</param>
/// <param name="Dimensions">Spatial dimensions, 2 or 3.</param>
/// <param name="Resolve">Turns a setting into a number.</param>
internal sealed record OperationModel(
    DeclaredOperation Declared, LayerKind Kind, string Name, Count Input, int Dimensions, Func<Setting, Count> Resolve)
{
    /// <summary>
    /// Channels of a convolution that names none: as many as a residual function has to give back; unknown in a network, where
    /// that breaks a rule.
    /// </summary>
    public Count Home { get; init; } = Count.Unknown;

    /// <summary>Whether its channels break a rule.</summary>
    public bool IsInDoubt { get; init; }

    /// <summary>
    /// Whether it may overwrite its input: behind a layer whose gradient does not read its output.
    /// </summary>
    public bool InPlace { get; init; }

    /// <summary>Whether the code for it is the same in 2D and in 3D.</summary>
    public bool IsForBothDimensions => Kind.Dimensions is null && Code(this with { Dimensions = 2 }) == Code(this with { Dimensions = 3 });

    /// <summary>Channels that go out.</summary>
    public Count Output => Kind.Output(this);

    /// <summary>The same for whoever reads them: unknown where they follow from a mistake.</summary>
    public Count Handed =>
        IsInDoubt || Output.Value > NumberRule.MostChannels || (Declared.Find("channels") is null && Kind.Divisors(this).Any(rule => rule.IsBroken)) ? Count.Unknown : Output;

    public int AttributeIndex => Declared.AttributeIndex;

    public Count Number(string argument, int otherwise) => Declared.Find(argument) is { } setting ? Resolve(setting) : Count.Literal(otherwise);

    public int Integer(string argument, int otherwise) => Declared.Find(argument)?.Number ?? otherwise;

    public double Real(string argument, double otherwise) =>
        Declared.Find(argument) is { } setting ? setting.Real ?? setting.Number ?? otherwise : otherwise;

    public bool Flag(string argument, bool otherwise) => Declared.Find(argument)?.Flag ?? otherwise;

    /// <summary>Voxels of a block with edge r: r³, or r² in 2D.</summary>
    public long BlockVolume(int rate) => Dimensions == 2 ? (long)rate * rate : (long)rate * rate * rate;

    private static string Code(OperationModel layer) => string.Join("\n",
        layer.Kind.ModuleType(layer), layer.Kind.Construct(layer), layer.Kind.Apply(layer, "", "x"), layer.Kind.Step(layer)?.Code, layer.Kind.LeavesChannelsFirst(layer));
}
