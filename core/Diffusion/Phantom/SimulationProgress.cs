namespace Iqt.Diffusion.Phantom;

/// <summary>How far a simulation is.</summary>
/// <param name="Done">Complete subjects, those of an earlier run included.</param>
/// <param name="Subjects">Subjects asked for.</param>
public sealed record SimulationProgress(int Done, int Subjects)
{
    /// <summary>The part done, 0 to 1.</summary>
    public double Fraction => Done / (double)Subjects;
}
