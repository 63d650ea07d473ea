namespace Iqt.Reversible.Natives;

/// <summary>The files that this process has mapped into its memory, its libraries among them.</summary>
internal static class LoadedFiles
{
    /// <summary>Their paths. The kernel knows which file a library came from; without /proc there is none.</summary>
    public static string[] Paths()
    {
        try
        {
            return [.. File.ReadLines("/proc/self/maps").Select(line => line.IndexOf('/') is >= 0 and int at ? line[at..] : "").Distinct()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
