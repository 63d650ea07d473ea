using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>Which patches are trained on and which validate.</summary>
/// <param name="Training">Patches to train on.</param>
/// <param name="Validation">Patches held out.</param>
/// <param name="ValidationSubjects">Indices of the subjects held out; empty where patches are.</param>
public sealed record PatchSplit(PatchReference[] Training, PatchReference[] Validation, IReadOnlySet<int> ValidationSubjects)
{
    /// <summary>Splits the patches of all subjects.</summary>
    /// <exception cref="DataException">Too few subjects or patches for both sides.</exception>
    public static PatchSplit Of(IReadOnlyList<SubjectImages> subjects, TrainingSettings settings)
    {
        PatchReference[][] patches = [.. subjects.Select((subject, i) => References(subject, i, settings.PatchesPerSubject))];
        SeededRandom random = SeededRandom.For(settings.SplitSeed, "validation");
        if (settings.Validation == ValidationUnit.Patches)
        {
            PatchReference[] all = [.. patches.SelectMany(ofSubject => ofSubject)];
            int held = HeldOut(all.Length, settings.ValidationFraction, "patches", "Prepare more (iqt prepare --patches).");
            random.Shuffle<PatchReference>(all);
            return new PatchSplit(all[held..], all[..held], new HashSet<int>());
        }

        int[] order = [.. Enumerable.Range(0, subjects.Count)];
        int heldSubjects = HeldOut(subjects.Count, settings.ValidationFraction, "subjects", "Add subjects, or hold out patches (--validation patches).");
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

    private static int HeldOut(int count, double fraction, string what, string remedy) => count >= 2
        ? Math.Clamp((int)Math.Round(count * fraction), 1, count - 1)
        : throw new DataException($"{count} {what} are there, at least 2 were expected: one to train on, one to validate. {remedy}");
}
