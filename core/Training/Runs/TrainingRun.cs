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
    /// <exception cref="ArgumentException">No such network, hyperparameter or device.</exception>
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
        if (settings.Problem is { } problem)
        {
            throw new DataException($"training settings: {problem}. Correct it.");
        }

        RunDirectory.CheckFree(folder);
        torch.Device device = Devices.Parse(settings.Device);
        if (settings.Threads is { } threads)
        {
            torch.set_num_threads(threads);
        }

        using Network network = networks.Find(settings.Network).Create(settings.Hyperparameters, device, torch.ScalarType.Float32);
        Initializer.Apply(network, settings.Initialization, settings.Seed);
        PatchGeometry geometry = PatchGeometry.Of(network, settings.PatchSize);
        IReadOnlyList<PreparedSubject> chosen = dataset.Choose(settings.Subjects, settings.TestSubjects);
        TrainingData data = TrainingData.Of([.. chosen.Select(subject => subject.Load(cancellation))], geometry, settings);
        // Defaults of hyperparameters may change with a later version: the run keeps what it was built with.
        TrainingSettings resolved = settings with { Hyperparameters = network.Hyperparameters };
        RunDirectory run = RunDirectory.Create(folder, resolved, Roles(dataset, settings, data));
        return new Trainer(network, data, resolved, run).Train(progress, cancellation);
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
