namespace Iqt.Diffusion.Phantom;

/// <summary>What <see cref="Simulation"/> makes.</summary>
/// <param name="Subjects">Their number, at least 1.</param>
/// <param name="Scale">Size and sampling.</param>
/// <param name="Seed">Decides every subject.</param>
/// <param name="Snr">White matter at b=0 over the standard deviation of the noise.</param>
/// <param name="Compress">Whether series are .nii.gz.</param>
/// <param name="Bias">Strength of a smooth factor on the signal, as the standard deviation of its logarithm; 0 for none.</param>
public sealed record SimulationSettings(int Subjects, PhantomScale Scale, ulong Seed, double Snr = PhantomSubject.DefaultSnr, bool Compress = true, double Bias = 0)
{
    /// <summary>Refuses what can't be simulated.</summary>
    internal void Check()
    {
        if (Subjects < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(Subjects), Subjects, "at least 1 subject was expected");
        }

        if (!(Snr > 0 && double.IsFinite(Snr)))
        {
            throw new ArgumentOutOfRangeException(nameof(Snr), Snr, "a finite signal-to-noise ratio above 0 was expected");
        }

        if (!(Bias >= 0 && double.IsFinite(Bias)))
        {
            throw new ArgumentOutOfRangeException(nameof(Bias), Bias, "a finite bias of at least 0 was expected");
        }
    }
}
