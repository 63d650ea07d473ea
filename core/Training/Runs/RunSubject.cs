namespace Iqt.Training;

/// <summary>A line of a run's <c>subjects.tsv</c>.</summary>
/// <param name="Id">For example <c>sub-01</c>.</param>
/// <param name="Role">What it does in the run.</param>
public sealed record RunSubject(string Id, SubjectRole Role);
