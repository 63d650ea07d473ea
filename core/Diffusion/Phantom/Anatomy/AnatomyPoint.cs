namespace Iqt.Diffusion.Phantom;

/// <summary>What a point consists of and how it lies to the cortex.</summary>
/// <param name="Tissue">The tissue.</param>
/// <param name="Pia">Depth below the pial surface and the direction inwards.</param>
/// <param name="BelowCortex">Distance in mm from the border of grey and white matter, in what lies below it.</param>
/// <param name="BelowTentorium">Whether it belongs to cerebellum or brain stem.</param>
internal readonly record struct AnatomyPoint(Tissue Tissue, Surface Pia, float BelowCortex, bool BelowTentorium = false);
