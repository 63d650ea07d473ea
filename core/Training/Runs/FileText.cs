using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>Reads small text files with the errors that users can act on.</summary>
internal static class FileText
{
    /// <exception cref="DataException">Missing or not readable.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: {OpeningFault.Describe(path, "a text file", error)}", error);
        }
    }

    /// <exception cref="DataException">Missing or not readable.</exception>
    public static string[] ReadLines(string path) =>
        Read(path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
