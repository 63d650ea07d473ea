namespace Iqt.Reversible.Benchmarking;

/// <summary>Where a benchmark's step updates the parameters.</summary>
public enum UpdatePlace
{
    /// <summary>Behind the backward pass, by TorchSharp's own Adam: what a user has without Iqt.</summary>
    Ordinary,

    /// <summary>Behind the backward pass.</summary>
    Behind,

    /// <summary>Within the backward pass, block by block.</summary>
    Fused,
}
