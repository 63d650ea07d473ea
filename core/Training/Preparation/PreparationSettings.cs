using System.Text.Json.Serialization;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>All that decides a prepared data set, besides the subjects.</summary>
public sealed record PreparationSettings
{
    /// <summary>r: HR voxels along the edge of an LR voxel.</summary>
    public int UpsamplingRate { get; init; } = 2;

    /// <summary>Patches drawn from each subject.</summary>
    public int Patches { get; init; } = 2250;

    /// <summary>Seed of the draw.</summary>
    public ulong Seed { get; init; }

    /// <summary>b-value of the shell that is fitted with b=0, in s/mm².</summary>
    public double BValue { get; init; } = 1000;

    /// <summary>Largest distance from it, in s/mm².</summary>
    public double BValueTolerance { get; init; } = 100;

    /// <summary>Weighted fits after the ordinary one.</summary>
    public int Reweightings { get; init; } = 1;

    /// <summary>The fit that these settings ask for.</summary>
    [JsonIgnore]
    public FitOptions Fit => new() { Reweightings = Reweightings, Shell = new Shell(BValue, BValueTolerance) };

    /// <summary>The first value that makes no sense, in words, or null.</summary>
    [JsonIgnore]
    public string? Problem =>
        UpsamplingRate < 2 ? $"upsamplingRate: {UpsamplingRate} was found, at least 2 was expected"
        : Patches < 1 ? $"patches: {Patches} was found, at least 1 was expected"
        : !(BValue > 0 && double.IsFinite(BValue)) ? $"bValue: {BValue} was found, a positive number was expected"
        : !(BValueTolerance >= 0) ? $"bValueTolerance: {BValueTolerance} was found, at least 0 was expected"
        : Reweightings < 0 ? $"reweightings: {Reweightings} was found, at least 0 was expected"
        : null;
}
