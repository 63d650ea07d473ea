using Iqt.Diffusion;
using Iqt.Reversible;
using TorchSharp;

namespace Iqt.Training;

/// <summary>A training from a prepared data set to the folder of a run (<c>iqt train</c>).</summary>
public static class TrainingRun
{
    /// <summary>Trains and writes the run.</summary>
    /// <param name="networks">Where the settings' network is found.</param>
    /// <param name="dataset">From <c>iqt prepare</c>.</param>
    /// <param name="settings">All that decides the training.</param>
    /// <param name="folder">New or empty.</param>
    /// <param name="progress">Told after every step and epoch.</param>
    /// <param name="cancellation">Looked at before every step; the checkpoints of finished epochs stay.</param>
    /// <exception cref="DataException">Settings that make no sense, too few subjects, a folder that is not free, damaged data.</exception>
    /// <exception cref="ArgumentException">No such network, hyperparameter or device, or a memory budget that is too small.</exception>
    /// <exception cref="DeviceUnavailableException">The device is not to be had.</exception>
    /// <exception cref="NumericalException">A loss is not finite; the last good checkpoint is kept.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingResult Start(
        NetworkCatalog networks,
        PreparedDataset dataset,
        TrainingSettings settings,
        string folder,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        settings.Check();
        RunDirectory.CheckFree(folder);
        using RunLock held = RunLock.Take(folder);
        using Setting setting = SettingOrNothing(held, () => Setting.Of(networks, dataset, settings, null, cancellation));
        // Defaults of hyperparameters and libtorch's choice of threads may change: the run keeps what it was made with.
        TrainingSettings resolved = WithFullPath(settings) with { Hyperparameters = setting.Network.Hyperparameters, Threads = torch.get_num_threads() };
        RunDirectory run = RunDirectory.Create(folder, resolved, Roles(dataset, settings, setting.Data), setting.Start?.Origin);
        return new Trainer(setting.Network, setting.Data, resolved, run).Train(null, progress, cancellation);
    }

    /// <summary>
    /// Goes on with a run that was stopped, after its last finished epoch. On the same machine, with the same number of
    /// threads (the run's), the weights become those of a run that was never stopped, bit for bit. A finished run stays
    /// as it is.
    /// </summary>
    /// <param name="networks">Where the run's network is found.</param>
    /// <param name="dataset">The one the run was begun with.</param>
    /// <param name="folder">The run's.</param>
    /// <param name="progress">Told after every step and epoch.</param>
    /// <param name="cancellation">Looked at before every step; the checkpoints of finished epochs stay.</param>
    /// <exception cref="DataException">Not a run, damaged, written by another process, or other data.</exception>
    /// <exception cref="NumericalException">A loss is not finite; the last good checkpoint is kept.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingResult Resume(
        NetworkCatalog networks,
        PreparedDataset dataset,
        string folder,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        TrainingSettings settings = RunDirectory.Open(folder).Settings;
        using RunLock _ = RunLock.Take(folder);
        (RunDirectory run, Checkpoint? last) = RunDirectory.Reopen(folder);
        using Setting setting = Setting.Of(networks, dataset, settings, last, cancellation);
        CheckSameData(run, last, dataset, setting.Data);
        CheckSameStart(run, setting.Start);
        return new Trainer(setting.Network, setting.Data, settings, run).Train(last, progress, cancellation);
    }

    /// <summary>Starts a run, or goes on with the one that the folder holds if it has the same settings.</summary>
    /// <inheritdoc cref="Start"/>
    public static TrainingResult StartOrResume(
        NetworkCatalog networks,
        PreparedDataset dataset,
        TrainingSettings settings,
        string folder,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        if (!RunDirectory.Exists(folder))
        {
            return Start(networks, dataset, settings, folder, progress, cancellation);
        }

        return IsBegunWith(RunDirectory.Open(folder).Settings, settings)
            ? Resume(networks, dataset, folder, progress, cancellation)
            : throw new DataException($"{folder}: holds a run with other settings, none or one with the same settings was expected. Choose another folder or remove it.");
    }

    /// <summary>
    /// What a run was trained on, if this data set is it: the same subjects in the same places, and the same patches.
    /// Names of subjects alone say little: <c>sub-01</c> is in every data set.
    /// </summary>
    /// <param name="run">Has a last checkpoint; nothing is known if not.</param>
    /// <param name="dataset">Its training subjects are read.</param>
    /// <param name="geometry">Of the network's patches.</param>
    /// <param name="cancellation">Between two subjects.</param>
    /// <returns>The training and validation subjects with their split; null if the data set is not known to be the run's.</returns>
    /// <exception cref="DataException">A subject or the checkpoint can't be read.</exception>
    public static TrainingData? DataOf(RunDirectory run, PreparedDataset dataset, PatchGeometry geometry, CancellationToken cancellation = default)
    {
        ResumptionState? state = File.Exists(run.LastCheckpoint) ? Checkpoint.Read(run.LastCheckpoint).Resumption : null;
        if (state is null || !run.Subjects.Select(subject => subject.Id).SequenceEqual(dataset.Subjects.Select(subject => subject.Id)))
        {
            return null;
        }

        IReadOnlyList<PreparedSubject> chosen = dataset.Choose(run.Settings.Subjects, run.Settings.TestSubjects);
        SubjectImages[] subjects = [.. chosen.Select(subject => subject.Load(cancellation))];
        try
        {
            var data = TrainingData.Of(subjects, geometry, run.Settings);
            return data.Is(state) ? data : null;
        }
        catch (DataException)
        {
            // What the run's settings can't be followed on, say with fewer patches, it was not trained on.
            return null;
        }
    }

    // What is refused before there is a run leaves no folder of one.
    private static Setting SettingOrNothing(RunLock held, Func<Setting> find)
    {
        try
        {
            return find();
        }
        catch
        {
            held.Abandon();
            throw;
        }
    }

    // The old run is found from anywhere, should this one be killed before it has a checkpoint of its own.
    private static TrainingSettings WithFullPath(TrainingSettings settings) =>
        settings.From is { } from ? settings with { From = Path.GetFullPath(from) } : settings;

    // What was left open is filled in in a run's own settings.
    private static bool IsBegunWith(TrainingSettings found, TrainingSettings wanted) =>
        wanted.Hyperparameters.All(pair => found.Hyperparameters.GetValueOrDefault(pair.Key, int.MinValue) == pair.Value)
        && (found with { Hyperparameters = wanted.Hyperparameters, Threads = wanted.Threads ?? found.Threads }).Format()
            == (WithFullPath(wanted) with { Threads = wanted.Threads ?? found.Threads }).Format()
        && (wanted.Threads is null || wanted.Threads == found.Threads);

    private static void CheckSameStart(RunDirectory run, StartingWeights? start)
    {
        if (start is not null && run.ReadVersions().From?.Sha256 != start.Origin.Sha256)
        {
            throw new DataException($"{run.Folder}: was begun from other weights than {start.Origin.Run} holds now, the same were expected: that run went on or was replaced. Train anew in another folder.");
        }
    }

    private static void CheckSameData(RunDirectory run, Checkpoint? last, PreparedDataset dataset, TrainingData data)
    {
        bool sameSubjects = run.Subjects.SequenceEqual(Roles(dataset, run.Settings, data));
        if (!sameSubjects || (last is not null && !data.Is(last.RequireResumption(run.LastCheckpoint))))
        {
            string what = sameSubjects ? "images or patches" : "subjects";
            throw new DataException($"{run.Folder}: was begun on other {what} than {dataset.Folder} has, the same were expected. Name the data set it was begun with (--data), or train anew in another folder.");
        }
    }

    /// <summary>The network with its start values and the data: what a run is before its first step.</summary>
    private sealed record Setting(Network Network, TrainingData Data, StartingWeights? Start) : IDisposable
    {
        // A run that has a checkpoint goes on with the weights and the normalisation in it.
        public static Setting Of(NetworkCatalog networks, PreparedDataset dataset, TrainingSettings settings, Checkpoint? last, CancellationToken cancellation)
        {
            torch.Device device = Devices.Parse(settings.Device);
            if (settings.Threads is { } threads)
            {
                torch.set_num_threads(threads);
            }

            Network network = networks.Find(settings.Network).Create(settings.Hyperparameters, device, torch.ScalarType.Float32);
            try
            {
                NetworkDemands.Check(network);
                Initializer.Apply(network, settings.Initialization, settings.Seed);
                PatchGeometry geometry = PatchGeometry.Of(network, settings.PatchSize);
                // Refuses a budget that is too small before the run's folder is written.
                _ = StepComputation.Of(network, settings);
                StartingWeights? start = settings.From is not null && last is null ? StartingWeights.Load(networks, settings, network, geometry) : null;
                Normalization? given = settings.From is null ? null : start?.Normalization ?? last?.Normalization;
                IReadOnlyList<PreparedSubject> chosen = dataset.Choose(settings.Subjects, settings.TestSubjects);
                TrainingData data = TrainingData.Of([.. chosen.Select(subject => subject.Load(cancellation))], geometry, settings, given);
                return new Setting(network, data with { Fit = dataset.Settings.Fit }, start);
            }
            catch
            {
                network.Dispose();
                throw;
            }
        }

        public void Dispose() => Network.Dispose();
    }

    private static IReadOnlyList<RunSubject> Roles(PreparedDataset dataset, TrainingSettings settings, TrainingData data)
    {
        int test = dataset.Subjects.Count - settings.TestSubjects;
        return [.. dataset.Subjects.Select((subject, i) => new RunSubject(
            subject.Id,
            i >= test ? SubjectRole.Test
            : i >= data.Subjects.Count ? SubjectRole.Unused
            : settings.Validation == ValidationUnit.Patches ? SubjectRole.TrainingAndValidation
            : data.Split.ValidationSubjects.Contains(i) ? SubjectRole.Validation
            : SubjectRole.Training))];
    }
}
