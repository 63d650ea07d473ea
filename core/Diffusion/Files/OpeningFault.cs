namespace Iqt.Diffusion;

/// <summary>Why a file can't be opened, in words that say what to do about it.</summary>
public static class OpeningFault
{
    /// <summary>Whether there is no such file.</summary>
    public static bool IsMissing(Exception error) => error is FileNotFoundException or DirectoryNotFoundException;

    /// <summary>The part of a message behind the file's name. The system calls a folder that is read a matter of permissions.</summary>
    /// <param name="path">What was named.</param>
    /// <param name="expected">For example <c>an image (.nii, .nii.gz)</c>.</param>
    /// <param name="error">What the system reported.</param>
    public static string Describe(string path, string expected, Exception error) =>
        IsMissing(error) ? $"does not exist, {expected} was expected. Check the path."
        : Directory.Exists(path) ? $"is a folder, {expected} was expected. Name a file."
        : $"can't be opened ({error.Message}), {expected} was expected. Check its permissions.";
}
