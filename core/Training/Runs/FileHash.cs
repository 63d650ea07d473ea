using System.Security.Cryptography;

namespace Iqt.Training;

/// <summary>Tells a file by what it holds, whatever it is called.</summary>
internal static class FileHash
{
    public static string Sha256(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
