namespace Iqt.Diffusion.Phantom;

/// <summary>
/// The b=0 signal of a tissue in a spin-echo sequence, PD · (1 − exp(−TR/T1)) · exp(−TE/T2), in units of white
/// matter's.
/// </summary>
/// <remarks>
/// TR and TE of the HCP 3 T protocol (Sotiropoulos 2013). PD, T1 and T2 of grey and white matter at 3 T: Wansapura et
/// al., JMRI 9 (1999). Fluid: T1 4.3 s and T2 1.5 s, rounded from values near those of water.
/// </remarks>
internal static class RelaxationModel
{
    private const double RepetitionTime = 5.520, EchoTime = 0.0895;

    public static readonly float White = 1;
    public static readonly float Grey = Relative(0.82, 1.331, 0.110);
    public static readonly float Fluid = Relative(1.00, 4.3, 1.5);

    private static float Relative(double protonDensity, double t1, double t2) =>
        (float)(Signal(protonDensity, t1, t2) / Signal(0.70, 0.832, 0.0796));

    private static double Signal(double protonDensity, double t1, double t2) =>
        protonDensity * (1 - Math.Exp(-RepetitionTime / t1)) * Math.Exp(-EchoTime / t2);
}
