namespace Iqt.Training;

/// <summary>The normalisation of LR inputs and HR targets, computed on the training set and stored with the model.</summary>
/// <param name="Scope">What has statistics of its own.</param>
/// <param name="Input">Of LR patches.</param>
/// <param name="Target">Of HR patches; its inverse makes diffusivities of the network's output.</param>
public sealed record Normalization(NormalizationScope Scope, Standardization Input, Standardization Target);
