namespace Iqt.Training;

/// <summary>Where a preparation stands.</summary>
/// <param name="Subject">The subject that has just moved on; several may be under way.</param>
/// <param name="Number">
/// 1 more than the whole subjects that the parts done of all add up to, at most all: one after the other, the subject under way;
/// side by side, how much is done, whoever did it.
/// </param>
/// <param name="Subjects">How many there are.</param>
/// <param name="Part">The part done of what lies beyond <paramref name="Number"/> − 1, in subjects: 0 to 1.</param>
/// <param name="Skipped">Whether it was prepared before and is left as it is.</param>
public sealed record PreparationProgress(string Subject, int Number, int Subjects, double Part, bool Skipped)
{
    /// <summary>The part done of all subjects, 0 to 1.</summary>
    public double Fraction => (Number - 1 + Part) / Subjects;
}
