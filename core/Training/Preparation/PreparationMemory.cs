namespace Iqt.Training;

/// <summary>Memory between the stages of a preparation.</summary>
internal static class PreparationMemory
{
    /// <summary>
    /// Gives back what the last stage held. Left to itself the collector keeps some gigabyte of signals until the system
    /// runs short, and the bound that was stated would not hold.
    /// </summary>
    public static void Release() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
