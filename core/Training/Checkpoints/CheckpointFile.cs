using System.Security.Cryptography;

namespace Iqt.Training;

/// <summary>Which checkpoint a file is, whatever it is called.</summary>
internal static class CheckpointFile
{
    public static string Sha256(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
