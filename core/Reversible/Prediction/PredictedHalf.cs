namespace Iqt.Reversible.Prediction;

/// <summary>One half of a block on paper: half + F(source), or with affine coupling half · exp(tanh S(source)) + T(source).</summary>
/// <param name="functions">F, or S and T.</param>
/// <param name="bytes">Of a half.</param>
/// <param name="read">Of what the functions read of the other half, in their own type.</param>
/// <param name="timeline">Where it counts.</param>
internal sealed class PredictedHalf(IReadOnlyList<PredictedChain> functions, long bytes, long read, MemoryTimeline timeline)
{
    private const int Source = 0, Half = -1, Factor = -2;

    private bool IsAffine => functions.Count == 2;

    /// <summary>Tapes of F, or of S, T and the coupling.</summary>
    public PredictedTape[] Tapes(bool isStored) => [.. Enumerable.Range(0, IsAffine ? 3 : 1).Select(_ => new PredictedTape(isStored))];

    /// <summary>The half behind it, in place of the half before.</summary>
    public PredictedTensor Forward(PredictedTensor half, PredictedTensor stream, PredictedTape[] tapes)
    {
        PredictedTape own = tapes[^1];
        using PredictedTensor source = Read(stream);
        using PredictedTensor? factor = IsAffine ? Scale(source, tapes) : null;
        using PredictedTensor residual = functions[^1].Run(source, tapes[IsAffine ? 1 : 0]);
        if (!own.Keeps)
        {
            return half;
        }

        own.Keep(Source, source);
        if (factor is not null)
        {
            own.Keep(Half, half);
            own.Keep(Factor, factor);
        }

        PredictedTensor sum = timeline.Allocate(bytes);
        half.Dispose();
        return sum;
    }

    /// <summary>Goes back through it; halves and their gradients are changed in place.</summary>
    public void Backward(PredictedTensor? stream, PredictedTape[] tapes, PredictedTensor halfGradient, bool wantSourceGradient)
    {
        PredictedTape own = tapes[^1];
        using PredictedTensor source = own.IsStored ? own.Take(Source) : Read(stream!);
        if (!own.IsStored)
        {
            Array.ForEach(tapes, tape => tape.BeginRepeat());
            using (functions[^1].Run(source, tapes[IsAffine ? 1 : 0]))
            {
            }

            if (IsAffine)
            {
                using PredictedTensor again = Scale(source, tapes);
                own.Keep(Factor, again);
            }
        }

        functions[^1].Backward(source, tapes[IsAffine ? 1 : 0], halfGradient, wantSourceGradient)?.Dispose();
        if (IsAffine)
        {
            using PredictedTensor scaleGradient = timeline.Allocate(read);
            timeline.Pass((read == bytes ? 3 : 4) * read); // half × gradient, tanh S, 1 − tanh² S; the half in the functions' type
            functions[0].Backward(source, tapes[0], scaleGradient, wantSourceGradient)?.Dispose();
        }

        Array.ForEach(tapes, tape => tape.Free());
    }

    // A stream in the functions' own type is read where it lies.
    private PredictedTensor Read(PredictedTensor stream) => read == bytes ? stream.Alias() : timeline.Allocate(read);

    private PredictedTensor Scale(PredictedTensor source, PredictedTape[] tapes)
    {
        using PredictedTensor scale = functions[0].Run(source, tapes[0]);
        timeline.Pass(read); // tanh
        return timeline.Allocate(read);
    }
}
