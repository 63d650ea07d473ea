namespace Iqt.Diffusion.Phantom;

/// <summary>What a point of the head consists of.</summary>
public enum Tissue
{
    /// <summary>Skull and air: no signal.</summary>
    Outside,

    /// <summary>Cerebrospinal fluid: ventricles, sulci, subarachnoid space.</summary>
    CerebrospinalFluid,

    /// <summary>The cortical ribbon.</summary>
    CorticalGrey,

    /// <summary>Thalamus, caudate, putamen, pallidum.</summary>
    DeepGrey,

    /// <summary>White matter.</summary>
    White,
}
