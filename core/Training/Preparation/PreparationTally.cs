namespace Iqt.Training;

/// <summary>Adds up the progress of subjects that are prepared side by side.</summary>
internal sealed class PreparationTally(IReadOnlyList<string> subjects, IProgress<PreparationProgress>? target)
{
    private readonly double[] _parts = new double[subjects.Count];
    private readonly Lock _gate = new();

    /// <summary>The progress of one subject.</summary>
    public IProgress<double> Of(int subject) => new Part(this, subject);

    /// <summary>A subject that is there already.</summary>
    public void Skip(int subject) => Report(subject, 1, skipped: true);

    private void Report(int subject, double part, bool skipped = false)
    {
        lock (_gate)
        {
            // Parts of a subject that is fitted in several passes may come late.
            _parts[subject] = Math.Max(_parts[subject], part);
            double sum = _parts.Sum();
            int number = Math.Min((int)sum, subjects.Count - 1);
            target?.Report(new PreparationProgress(subjects[subject], number + 1, subjects.Count, sum - number, skipped));
        }
    }

    private sealed class Part(PreparationTally tally, int subject) : IProgress<double>
    {
        public void Report(double value) => tally.Report(subject, value);
    }
}
