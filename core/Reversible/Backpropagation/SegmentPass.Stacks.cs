using Iqt.Reversible.Adjoints;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Runs a stack in either direction, without a graph.</summary>
/// <param name="x">The halves of the stack's input; become those of its output (or the other way).</param>
/// <param name="tapes">Take what the adjoints read.</param>
public delegate void StackRun(CoupledHalves x, StackTapes tapes);

/// <summary>Takes activation and gradient backwards through a stack.</summary>
/// <param name="x">The halves of the stack's output, or none where all blocks are stored; become those of its input.</param>
/// <param name="dx">∂L/∂output, or none where no gradient came this far; becomes ∂L/∂input.</param>
/// <param name="tapes">The tapes of the forward run.</param>
/// <param name="wantInputGradient">False where nobody reads ∂L/∂input.</param>
public delegate void StackAdjoint(CoupledHalves x, CoupledHalves dx, StackTapes tapes, bool wantInputGradient);

/// <content>Stacks: forward, and backward by inversion, by recomputation or from stored blocks.</content>
public abstract partial class SegmentPass
{
    /// <summary>Runs a stack.</summary>
    protected void Forward(ActivationSlot output, StackRun run, Source source)
    {
        Tensor input = source.Read();
        (int blocks, ScalarType type) = (output.Segment!.Blocks, input.dtype);
        ScalarType stream = ResidualStreamType.Of(_options.StreamType, blocks, type);
        StepOptions options = output.Strategy == SegmentStrategy.Reverse ? _options : _options with { CacheEvery = 0 };
        var tapes = new StackTapes(blocks, Kept(output, blocks), options, stream == type ? null : type);
        output.Record = tapes;
        using CoupledHalves x = Split(input, stream);
        InSegment(output, () => run(x, tapes));
        Complete(output, x.Join(type));
        if (stream != type && output.Strategy == SegmentStrategy.Reverse && tapes.NeedsOutput)
        {
            tapes.KeepEnd(x);
        }
    }

    /// <summary>The gradients of a stack: inverted block by block (the paper's Fig. 3b), unless the plan says otherwise.</summary>
    protected void Backward(ActivationSlot output, StackRun run, StackAdjoint adjoint, Source source)
    {
        using var outputGradient = new Activation(output.TakeGradient());
        if (outputGradient.IsEmpty && !output.HandsOnInput)
        {
            return;
        }

        StackTapes tapes = Record<StackTapes>(output);
        tapes.StartBackward(_retains, onlyInverts: outputGradient.IsEmpty);
        using CoupledHalves x = Halves(output, run, source, tapes);
        using CoupledHalves dx = outputGradient.IsEmpty ? CoupledHalves.Empty() : Split(outputGradient.Release(), null);
        InSegment(output, () => adjoint(x, dx, tapes, source.WantsGradient));
        if (output.HandsOnInput)
        {
            source.Restore(x.Join(output.Type));
        }

        if (source.WantsGradient && !dx.IsEmpty)
        {
            HandBack(output, source, dx.Join());
        }

        EndBackward(output, tapes);
    }

    private void EndBackward(ActivationSlot output, StackTapes tapes)
    {
        if (!_retains)
        {
            output.Record = null;
            tapes.Dispose();
        }
        else if (output.Strategy == SegmentStrategy.Recompute)
        {
            tapes.EndRecomputation();
        }
    }

    // Where the way back through a stack begins: at its output, at nothing where all blocks are stored, or at the end of a
    // forward run that is repeated from the stack's input and stores all blocks.
    private CoupledHalves Halves(ActivationSlot output, StackRun run, Source source, StackTapes tapes)
    {
        ScalarType stream = ResidualStreamType.Of(_options.StreamType, output.Segment!.Blocks, output.Type);
        if (output.Strategy == SegmentStrategy.Recompute)
        {
            tapes.BeginRecomputation();
            CoupledHalves again = Split(source.Read(), stream);
            try
            {
                run(again, tapes);
                return again;
            }
            catch
            {
                again.Dispose();
                throw;
            }
        }

        if (output.Strategy == SegmentStrategy.Store)
        {
            return CoupledHalves.Empty();
        }

        Tensor value = output.Read();
        CoupledHalves? end = tapes.TakeEnd();
        if (end is null && (tapes.NeedsOutput || !tapes.GivesInput))
        {
            return Split(value, stream);
        }

        value.Dispose();
        return end ?? CoupledHalves.Empty();
    }

    // Halves own their memory: what they are made of can go before the blocks run.
    private static CoupledHalves Split(Tensor whole, ScalarType? type)
    {
        using (whole)
        {
            return CoupledHalves.Split(whole, type);
        }
    }

    // Where the input has to come back, the first block is inverted.
    private int Kept(ActivationSlot output, int blocks) =>
        output.Strategy == SegmentStrategy.Store ? blocks
        : output.Strategy == SegmentStrategy.Reverse && _options.KeptBlocks.TryGetValue(output.Segment!.Name, out int kept) ? Math.Min(kept, output.HandsOnInput ? Math.Max(0, blocks - 1) : blocks)
        : 0;
}
