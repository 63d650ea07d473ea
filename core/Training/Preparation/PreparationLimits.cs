namespace Iqt.Training;

/// <summary>What a preparation may use, and what it does about a subject that can't be prepared; results don't depend on it.</summary>
public sealed record PreparationLimits
{
    /// <summary>Subjects at once, at most; fewer where the memory does not suffice.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes of the whole process, at most.</summary>
    public long Memory { get; init; } = 2_000_000_000;

    /// <summary>
    /// Whether subjects that can't be prepared are reported and left out, and finished ones whose files are others now
    /// reported and kept; otherwise the first one ends it all.
    /// </summary>
    public bool KeepGoing { get; init; }
}
