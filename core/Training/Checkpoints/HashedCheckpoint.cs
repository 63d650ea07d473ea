using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>A checkpoint and the hash of the file that it was read from, which a run that goes on replaces at the end of an epoch.</summary>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="Sha256">Of the file's bytes, in small hexadecimal digits.</param>
internal sealed record HashedCheckpoint(Checkpoint Checkpoint, string Sha256)
{
    /// <summary>Reads a checkpoint; again if its file was replaced meanwhile.</summary>
    /// <exception cref="DataException">As of <see cref="Checkpoint.Read"/>.</exception>
    public static HashedCheckpoint Read(string path)
    {
        // An epoch takes longer than reading its checkpoint, so that this ends.
        while (true)
        {
            string? before = Hash(path);
            var checkpoint = Checkpoint.Read(path);
            if (before is not null && before == Hash(path))
            {
                return new HashedCheckpoint(checkpoint, before);
            }
        }
    }

    // Null where the file can't be read, which Checkpoint.Read says in words.
    private static string? Hash(string path)
    {
        try
        {
            return FileHash.Sha256(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
