using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>Which patches are trained on and which validate.</summary>
/// <param name="Training">Patches to train on.</param>
/// <param name="Validation">Patches held out.</param>
/// <param name="ValidationSubjects">Indices of the subjects held out; empty where patches are.</param>
public sealed record PatchSplit(PatchReference[] Training, PatchReference[] Validation, IReadOnlySet<int> ValidationSubjects)
{
    internal const string Expected = "at least 2 were expected: one to train on, one to validate";

    /// <summary>Splits the patches of all subjects.</summary>
    /// <exception cref="DataException">Too few subjects or patches for both sides.</exception>
    public static PatchSplit Of(IReadOnlyList<SubjectImages> subjects, TrainingSettings settings)
    {
        PatchReference[][] patches = [.. subjects.Select((subject, i) => References(subject, i, settings.PatchesPerSubject))];
        SeededRandom random = SeededRandom.For(settings.SplitSeed, "validation");
        if (settings.Validation == ValidationUnit.Patches)
        {
            PatchReference[] all = [.. patches.SelectMany(ofSubject => ofSubject)];
            int held = HeldOut(all.Length, settings.ValidationFraction, $"{Count(all.Length, "patch", "patches")} of all subjects together", "Prepare more (iqt prepare --patches).");
            random.Shuffle<PatchReference>(all);
            return new PatchSplit(all[held..], all[..held], new HashSet<int>());
        }

        int[] order = [.. Enumerable.Range(0, subjects.Count)];
        int heldSubjects = HeldOut(subjects.Count, settings.ValidationFraction, Origin(subjects.Count, settings), "Prepare more subjects, leave fewer for testing, or hold out patches instead of subjects (--validation patches).");
        random.Shuffle<int>(order);
        var validation = order.Take(heldSubjects).ToHashSet();
        return new PatchSplit(
            [.. patches.Where((_, i) => !validation.Contains(i)).SelectMany(ofSubject => ofSubject)],
            [.. patches.Where((_, i) => validation.Contains(i)).SelectMany(ofSubject => ofSubject)],
            validation);
    }

    private static PatchReference[] References(SubjectImages subject, int index, int? count)
    {
        PatchIndex chosen = count is { } number ? subject.Patches.Take(number, subject.Id) : subject.Patches;
        return [.. chosen.Centres.Select(centre => new PatchReference(index, centre.X, centre.Y, centre.Z))];
    }

    private static int HeldOut(int count, double fraction, string found, string remedy) => count >= 2
        ? Math.Clamp((int)Math.Round(count * fraction), 1, count - 1)
        : throw new DataException($"{found}, {Expected}. {remedy}");

    // Who counts subjects counts those of the data set.
    private static string Origin(int count, TrainingSettings settings) => settings switch
    {
        { Subjects: { } asked } => $"{Count(asked, "subject was", "subjects were")} asked for (--subjects)",
        { TestSubjects: > 0 and var test } => LeftOf(count + test, test),
        _ => $"the data set has {Count(count, "subject", "subjects")}",
    };

    internal static string LeftOf(int count, int test) =>
        $"the data set has {Count(count, "subject", "subjects")}; {test} of them left for testing (--test-subjects) leave {(test < count ? count - test : "none")}";

    private static string Count(int count, string one, string several) => $"{count} {(count == 1 ? one : several)}";
}
