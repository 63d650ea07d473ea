namespace Iqt.Diffusion;

/// <summary>
/// A tensor image as a NIfTI series of six float32 volumes in FSL order (xx, xy, xz, yy, yz, zz), in mm²/s, with a
/// JSON sidecar that says so.
/// </summary>
public static class TensorFile
{
    /// <summary>
    /// Reads six volumes. A sidecar's <c>ElementOrder</c> is honoured; without one the order is FSL's, as
    /// <c>dtifit --save_tensor</c> writes it.
    /// </summary>
    /// <exception cref="NiftiException">Not readable or not six volumes.</exception>
    /// <exception cref="DataException">The sidecar names another unit, frame or an unknown order.</exception>
    public static TensorImage Read(string path)
    {
        using NiftiReader reader = NiftiReader.Open(path);
        if (reader.Volumes != TensorImage.Elements)
        {
            throw new NiftiException(path, $"has {reader.Volumes} volumes, the six elements of a tensor were expected. Name a tensor image (iqt fit makes one from a DWI series).");
        }

        int[] order = TensorSidecar.ReadOrder(path);
        var image = new TensorImage(reader.Grid);
        for (int volume = 0; volume < TensorImage.Elements; volume++)
        {
            reader.ReadVolume(image.Element(Array.IndexOf(order, volume)));
        }

        return image;
    }

    /// <summary>Writes the image and its sidecar; each appears complete or not at all.</summary>
    /// <param name="path">Ends in .nii or .nii.gz; the sidecar has .json instead.</param>
    /// <param name="image">The tensors.</param>
    /// <exception cref="DataException">Can't be written.</exception>
    public static void Write(string path, TensorImage image)
    {
        var header = new NiftiHeader { Grid = image.Grid, SeriesSize = [TensorImage.Elements], Description = "Iqt tensor xx xy xz yy yz zz mm^2/s" };
        using NiftiWriter writer = NiftiWriter.Create(path, header);
        for (int element = 0; element < TensorImage.Elements; element++)
        {
            writer.WriteVolume(image.Element(element));
        }

        AtomicFile.WriteText(TensorSidecar.PathBeside(path), TensorSidecar.Format());
        writer.Commit();
    }
}
