namespace Iqt.Diffusion.Phantom;

/// <summary>What <see cref="Simulation"/> makes.</summary>
/// <param name="Subjects">Their number, at least 1.</param>
/// <param name="Scale">Size and sampling.</param>
/// <param name="Seed">Decides every subject.</param>
/// <param name="Snr">White matter at b=0 over the standard deviation of the noise.</param>
/// <param name="Compress">Whether series are .nii.gz.</param>
public sealed record SimulationSettings(int Subjects, PhantomScale Scale, ulong Seed, double Snr = PhantomSubject.DefaultSnr, bool Compress = true);
