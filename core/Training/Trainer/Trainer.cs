using System.Diagnostics;
using Iqt.Reversible;
using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>
/// Trains a network: epochs of steps in an order that the seed decides, validation, rate, early stopping. The same
/// settings, data, machine and number of threads give the same weights bit for bit.
/// </summary>
public sealed class Trainer
{
    private readonly Network _network;
    private readonly TrainingData _data;
    private readonly TrainingSettings _settings;
    private readonly RunDirectory _run;
    private readonly BatchBuilder _batches;
    private readonly Stopwatch _clock = new();

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
    /// <param name="progress">Told after every step and epoch.</param>
    /// <param name="cancellation">Looked at before every step; the checkpoints of finished epochs stay.</param>
    /// <exception cref="NumericalException">A loss is not finite; the checkpoints of earlier epochs stay.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrainingResult Train(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        _clock.Restart();
        PlateauSchedule schedule = PlateauSchedule.Start(_settings);
        using var step = new TrainingStep(_network, _settings.Mode, schedule.Rate);
        // Also what is left if the first epoch fails.
        _run.WriteLast(Capture(0, double.NaN));
        for (int epoch = 1; epoch <= _settings.Epochs; epoch++)
        {
            TimeSpan start = _clock.Elapsed;
            step.Rate = schedule.Rate;
            (double trainingLoss, double lastLoss) = RunEpoch(step, epoch, progress, cancellation);
            double validationLoss = Validator.Loss(_network, _batches, _data.Split.Validation, _settings.BatchSize, cancellation);
            if (!double.IsFinite(validationLoss))
            {
                throw NotFinite($"The validation loss after epoch {epoch}", validationLoss, step.Rate);
            }

            double rate = schedule.Rate;
            schedule = schedule.Observe(validationLoss, epoch, _settings);
            Checkpoint checkpoint = Capture(epoch, validationLoss);
            if (schedule.BestEpoch == epoch)
            {
                _run.WriteBest(checkpoint);
            }

            _run.WriteLast(checkpoint);
            var metrics = new EpochMetrics(epoch, trainingLoss, validationLoss, rate, (_clock.Elapsed - start).TotalSeconds, schedule.BestEpoch == epoch);
            _run.Append(metrics);
            progress?.Report(Progress(epoch, Steps, lastLoss, metrics));
            if (schedule.ShouldStop(_settings))
            {
                return Result(epoch, schedule, stoppedEarly: epoch < _settings.Epochs);
            }
        }

        return Result(_settings.Epochs, schedule, stoppedEarly: false);
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
                throw NotFinite($"The loss in epoch {epoch}, step {i + 1},", loss, step.Rate);
            }

            sum += loss;
            progress?.Report(Progress(epoch, i + 1, loss, null));
        }

        return (sum / Steps, loss);
    }

    private Checkpoint Capture(int epoch, double validationLoss) =>
        Checkpoint.Capture(_network, _data.Geometry, _data.Normalization, epoch, validationLoss);

    private TrainingProgress Progress(int epoch, int step, double loss, EpochMetrics? completed)
    {
        double done = (epoch - 1) * (double)Steps + step;
        double left = _settings.Epochs * (double)Steps - done;
        return new TrainingProgress(epoch, _settings.Epochs, step, Steps, loss, _clock.Elapsed, _clock.Elapsed * (left / done), completed);
    }

    private TrainingResult Result(int epochs, PlateauSchedule schedule, bool stoppedEarly) =>
        new(epochs, schedule.BestEpoch, schedule.BestLoss, stoppedEarly, _clock.Elapsed);

    private NumericalException NotFinite(string what, double value, double rate) => new(
        $"{_run.Folder}: {what} is {value}, a finite number was expected (learning rate {rate:G3}). The checkpoints of the epochs before are kept; train again with a lower learning rate or another seed.");
}
