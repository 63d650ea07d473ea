using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>What an inversion gives back.</summary>
public sealed partial class NetworkCheck
{
    // An inversion rounds at each operation, tens of them a block, and not all roundings are alike.
    private const double Roundings = 1000;

    /// <summary>‖Invert(Run(x)) − x‖ / ‖x‖ of each stack and rearrangement, and of the network if it is invertible.</summary>
    /// <remarks>One that does not hold says what rounding alone may have done (<see cref="CheckResult.Rounding"/>).</remarks>
    public IReadOnlyList<CheckResult> Inversions()
    {
        using Network network = Randomized();
        Tensor[] inputs = Inputs(network);
        using DisposeScope scope = NewDisposeScope();
        List<CheckResult> results = [];
        foreach (Segment segment in network.Segments.Where(s => s.Kind != SegmentKind.Layers))
        {
            Tensor noise = Noise([Batch, segment.InputChannels, .. Edges(network, inputs, segment.Sources[0])], stream: 1);
            Tensor input = segment.Kind == SegmentKind.Stack ? noise.to(ResidualStreamType.Of(_options?.StreamType, segment.Blocks, _dtype)) : noise;
            Tensor output;
            using (var buffers = new BufferRestoration()) // the inversion has to find those that the run began from
            {
                buffers.Save(network);
                output = network.RunSegment(segment.Name, input);
            }

            results.Add(Inversion(segment.Name, moved => network.InvertSegment(segment.Name, moved), output, input));
        }

        if (network.IsInvertible)
        {
            using IDisposable withoutGraph = no_grad();
            Tensor output;
            using (var buffers = new BufferRestoration())
            {
                buffers.Save(network);
                output = network.call(inputs[0]);
            }

            results.Add(Inversion(network.NetworkName, network.Inverse, output, inputs[0]));
        }

        Array.ForEach(inputs, input => input.Dispose());
        return results;
    }

    private CheckResult Inversion(string subject, Func<Tensor, Tensor> invert, Tensor output, Tensor input)
    {
        Tensor back = invert(output);
        var result = new CheckResult("inversion", subject, RelativeDifference(back, input), _tolerances.Inversion);
        return result.Holds ? result : result with { Rounding = Rounding(invert, output, back) };
    }

    // What a move of the output by some roundings does to the input: much where coupling is steep, for example an affine one of
    // functions that are not normalised, and next to nothing beside what code makes that inverts wrongly.
    private double Rounding(Func<Tensor, Tensor> invert, Tensor output, Tensor back)
    {
        if (RelativeDifference(invert(output), back) > _tolerances.Inversion)
        {
            return 0; // what is not the same twice is no rounding
        }

        double share = Roundings * CheckTolerances.UnitRoundoff(_dtype);
        using Generator random = new(_seed, CPU);
        using Tensor signs = RandomSigns.Draw(output, random), factors = RandomSigns.Factors(signs, share), typed = factors.to(output.dtype);
        double moved = RelativeDifference(invert(output.mul(typed)), back);
        return moved < 1 ? moved : double.PositiveInfinity; // nothing is left of the input: no figure means anything
    }
}
