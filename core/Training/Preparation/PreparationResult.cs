namespace Iqt.Training;

/// <summary>A finished preparation.</summary>
/// <param name="Dataset">What was prepared, now or before.</param>
/// <param name="Prepared">What was out of the ordinary in the subjects that were prepared now, in their order.</param>
/// <param name="Failed">Subjects that could not be prepared and were left out.</param>
/// <param name="Stale">Finished subjects that were kept although their files are others now.</param>
public sealed record PreparationResult(
    PreparedDataset Dataset,
    IReadOnlyList<SubjectDescription> Prepared,
    IReadOnlyList<FailedSubject> Failed,
    IReadOnlyList<StaleSubject> Stale);

/// <summary>A subject that could not be prepared.</summary>
/// <param name="Subject">Its name.</param>
/// <param name="Reason">The message.</param>
public sealed record FailedSubject(string Subject, string Reason);
