namespace Iqt.Training;

/// <summary>Where a preparation stands.</summary>
/// <param name="Subject">The current subject.</param>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Subjects">How many there are.</param>
/// <param name="Part">The part of the subject that is done, 0 to 1.</param>
/// <param name="Skipped">Whether it was prepared before and is left as it is.</param>
public sealed record PreparationProgress(string Subject, int Number, int Subjects, double Part, bool Skipped);
