using System.Globalization;
using System.Text;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>The LR voxels at the centres of a subject's patches, in the order in which they were drawn.</summary>
/// <param name="Centres">LR voxels.</param>
public sealed record PatchIndex(IReadOnlyList<(int X, int Y, int Z)> Centres)
{
    private const string Header = "x\ty\tz";

    /// <summary>No patches.</summary>
    public static PatchIndex Empty { get; } = new([]);

    /// <summary>
    /// Draws centres from a mask without replacement (the paper: 2250 a subject, the central voxel within the
    /// brain). The first n of a longer index are those of a shorter one.
    /// </summary>
    /// <exception cref="DataException">The mask has fewer voxels.</exception>
    public static PatchIndex Draw(Mask mask, int count, ulong seed, string subject)
    {
        if (mask.Count < count)
        {
            throw new DataException($"The LR mask of {subject} has {mask.Count} voxels, at least {count} were expected to draw as many patches. Ask for fewer, --patches {mask.Count} at most.");
        }

        int[] voxels = [.. Enumerable.Range(0, mask.Values.Length).Where(i => mask.Values[i])];
        SeededRandom.For(seed, "patches of " + subject).Shuffle<int>(voxels);
        return new PatchIndex([.. voxels.Take(count).Select(mask.Grid.Size.Position)]);
    }

    /// <summary>The first centres.</summary>
    /// <exception cref="DataException">There are fewer.</exception>
    public PatchIndex Take(int count, string subject) => count <= Centres.Count
        ? new PatchIndex([.. Centres.Take(count)])
        : throw new DataException($"{subject}: has {Centres.Count} patches, {count} were asked for. Prepare the data set with more (iqt prepare --patches) or ask for fewer.");

    /// <summary>Writes one centre a line.</summary>
    /// <exception cref="DataException">Can't be written.</exception>
    public void Write(string path)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach ((int x, int y, int z) in Centres)
        {
            text.Append(CultureInfo.InvariantCulture, $"{x}\t{y}\t{z}\n");
        }

        AtomicFile.WriteText(path, text.ToString());
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="DataException">Another content.</exception>
    public static PatchIndex Read(string path)
    {
        string[] lines = FileText.ReadLines(path);
        if (lines.Length == 0 || lines[0] != Header)
        {
            throw new DataException($"{path}: the first line '{Header.Replace('\t', ' ')}' was expected. Prepare the subject again.");
        }

        var centres = new List<(int, int, int)>(lines.Length - 1);
        for (int i = 1; i < lines.Length; i++)
        {
            string[] words = lines[i].Split('\t');
            centres.Add(words.Length == 3 && Parse(words[0], out int x) && Parse(words[1], out int y) && Parse(words[2], out int z)
                ? (x, y, z)
                : throw new DataException($"{path}, line {i + 1}: '{lines[i]}' was found, three voxel indices were expected. Prepare the subject again."));
        }

        return new PatchIndex(centres);
    }

    private static bool Parse(string word, out int value) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
