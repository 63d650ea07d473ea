using System.Diagnostics;
using Iqt.Diffusion;
using Iqt.Reversible;
using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>
/// Trains a network: epochs of steps in an order that the seed decides, validation, rate, early stopping. The same
/// settings, data, machine and number of threads give the same weights bit for bit.
/// </summary>
public sealed class Trainer
{
    private const string Diverged = "The checkpoints of the epochs before are kept; train again with a lower learning rate or another seed.";
    private const string Untrained = "No weight has changed yet, so it is the data or the loss itself: look at the tensors of the prepared subjects (iqt maps), and at the loss if it is yours.";
    private readonly Network _network;
    private readonly TrainingData _data;
    private readonly TrainingSettings _settings;
    private readonly RunDirectory _run;
    private readonly BatchBuilder _batches;
    private readonly Stopwatch _clock = new();
    private int _firstEpoch = 1;

    /// <param name="network">With its start values, on its device; stays the caller's.</param>
    /// <param name="data">Subjects and split.</param>
    /// <param name="settings">Those of the run.</param>
    /// <param name="run">Gets metrics and checkpoints.</param>
    /// <param name="dtype">The network's.</param>
    public Trainer(Network network, TrainingData data, TrainingSettings settings, RunDirectory run, ScalarType dtype = ScalarType.Float32)
    {
        _network = network;
        _data = data;
        _settings = settings;
        _run = run;
        _batches = new BatchBuilder(data.Subjects, data.Geometry, data.Normalization, settings.Loss, network.parameters().First().device, dtype);
    }

    /// <summary>Trains until the last epoch or until validation stops improving.</summary>
    /// <param name="from">The last checkpoint of a run that was stopped: goes on after its epoch. Null begins.</param>
    /// <param name="progress">Told after every step and epoch.</param>
    /// <param name="cancellation">Looked at before every step; the checkpoints of finished epochs stay.</param>
    /// <exception cref="NumericalException">A loss is not finite; the checkpoints of earlier epochs stay.</exception>
    /// <exception cref="DataException">The checkpoint is of another network.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrainingResult Train(Checkpoint? from = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        _clock.Restart();
        using var step = new TrainingStep(_network, _settings);
        (int done, TrainingSchedule schedule) = Begin(step, from);
        _firstEpoch = done + 1;
        for (int epoch = done + 1; epoch <= _settings.Epochs && !schedule.ShouldStop(_settings); epoch++)
        {
            TimeSpan start = _clock.Elapsed;
            step.Rate = schedule.Rate;
            (double trainingLoss, double lastLoss) = RunEpoch(step, epoch, progress, cancellation);
            double validationLoss = Validator.Loss(_network, _batches, _data.Split.Validation, _settings.BatchSize, cancellation);
            if (!double.IsFinite(validationLoss))
            {
                throw NotFinite($"The validation loss after epoch {epoch}", validationLoss, step.Rate, Diverged);
            }

            schedule = schedule.Observe(validationLoss, epoch, _settings);
            bool isBest = schedule.BestEpoch == epoch;
            var metrics = new EpochMetrics(epoch, trainingLoss, validationLoss, step.Rate, (_clock.Elapsed - start).TotalSeconds, isBest);
            _run.Finish(metrics, Capture(epoch, validationLoss, step, schedule));
            progress?.Report(Progress(epoch, Steps, lastLoss, metrics));
            done = epoch;
        }

        return new TrainingResult(done, done - _firstEpoch + 1, schedule.BestEpoch, schedule.BestLoss, done < _settings.Epochs, _clock.Elapsed);
    }

    private (int Done, TrainingSchedule Schedule) Begin(TrainingStep step, Checkpoint? from)
    {
        if (from is not null)
        {
            from.Restore(_network, _run.LastCheckpoint);
            ResumptionState state = from.RequireResumption(_run.LastCheckpoint);
            step.RestoreOptimizer(state.Optimizer, _run.LastCheckpoint);
            return (from.Epoch, state.Schedule);
        }

        TrainingSchedule schedule = TrainingSchedule.Start(_settings);
        // Also what is left if the first epoch fails.
        _run.Begin(Capture(0, double.NaN, step, schedule));
        return (0, schedule);
    }

    /// <summary>Steps an epoch; the last one may have fewer patches.</summary>
    private int Steps => (_data.Split.Training.Length + _settings.BatchSize - 1) / _settings.BatchSize;

    private (double Mean, double Last) RunEpoch(TrainingStep step, int epoch, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        _network.train();
        PatchReference[] order = [.. _data.Split.Training];
        SeededRandom.For(_settings.Seed, $"epoch {epoch}").Shuffle<PatchReference>(order);
        // Dropout draws from torch's own generator; seeded by epoch, an epoch needs no state of the one before.
        random.manual_seed((long)(SeededRandom.For(_settings.Seed, $"dropout {epoch}").NextBits() >> 1));
        double sum = 0, loss = 0;
        for (int i = 0; i < Steps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int start = i * _settings.BatchSize;
            using PatchBatch batch = _batches.Build(order.AsSpan(start, Math.Min(_settings.BatchSize, order.Length - start)));
            loss = step.Run(batch);
            if (!double.IsFinite(loss))
            {
                throw NotFinite($"The loss in epoch {epoch}, step {i + 1},", loss, step.Rate, epoch == 1 && i == 0 ? Untrained : Diverged);
            }

            sum += loss;
            TrainingProgress done = Progress(epoch, i + 1, loss, null);
            progress?.Report(epoch == _firstEpoch && i == 0 ? done with { Unreached = step.Unreached ?? [] } : done);
        }

        return (sum / Steps, loss);
    }

    private Checkpoint Capture(int epoch, double validationLoss, TrainingStep step, TrainingSchedule schedule) =>
        Checkpoint.Capture(_network, _data.Geometry, _data.Normalization, epoch, validationLoss).WithFit(_data.Fit) with
        {
            Resumption = new ResumptionState(schedule, step.CaptureOptimizer(), _data.Fingerprint) { ValidationData = _data.ValidationFingerprint },
        };

    private TrainingProgress Progress(int epoch, int step, double loss, EpochMetrics? completed)
    {
        double done = (epoch - _firstEpoch) * (double)Steps + step;
        double left = (_settings.Epochs - _firstEpoch + 1) * (double)Steps - done;
        return new TrainingProgress(epoch, _settings.Epochs, step, Steps, loss, _clock.Elapsed, _clock.Elapsed * (left / done), completed);
    }

    private NumericalException NotFinite(string what, double value, double rate, string remedy) => new(
        $"{_run.Folder}: {what} is {value}, a finite number was expected (learning rate {rate:G3}). {remedy}");
}
