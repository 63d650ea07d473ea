namespace Iqt.Diffusion;

/// <summary>
/// A tensor image as a NIfTI series of float32 in mm²/s, in the order and frame of FSL, of MRtrix or as NIfTI's
/// symmetric matrix, with a JSON sidecar that says which.
/// </summary>
public static class TensorFile
{
    /// <summary>
    /// Reads a tensor image and brings it to FSL's order and frame. A sidecar's <c>ElementOrder</c> and frame are
    /// honoured. Without one <paramref name="order"/> counts, and without that the file: what Iqt wrote into its header,
    /// NIfTI's symmetric matrix if the intent says so, else FSL's order, as <c>dtifit --save_tensor</c> writes it.
    /// </summary>
    /// <param name="path">The image.</param>
    /// <param name="order">What a file without a sidecar is taken for; one whose sidecar says something else is refused.</param>
    /// <exception cref="NiftiException">Not readable or not six volumes.</exception>
    /// <exception cref="DataException">The sidecar names another unit, frame or an unknown order, or another one than the header.</exception>
    public static TensorImage Read(string path, TensorOrder? order = null)
    {
        using NiftiReader reader = NiftiReader.Open(path);
        if (reader.Volumes != TensorImage.Elements)
        {
            throw new NiftiException(NiftiFault.Content, path, $"has {reader.Volumes} volumes, the six elements of a tensor were expected. Name a tensor image (iqt fit makes one from a DWI series).");
        }

        TensorConvention? described = TensorConvention.OfDescription(reader.Header.Description);
        TensorConvention unstated = order is { } named ? TensorConvention.Of(named)
            : described ?? TensorConvention.Of(reader.Header.Intent == TensorConvention.SymmetricMatrix ? TensorOrder.Symmatrix : TensorOrder.Fsl);
        TensorConvention convention = TensorSidecar.Read(path, unstated);
        if (order is not null && (convention.Frame != unstated.Frame || !convention.Elements.SequenceEqual(unstated.Elements)))
        {
            throw new DataException(
                $"{Sidecar.PathBeside(path)}: says {string.Join(' ', convention.Elements)} in frame {convention.Frame}, {order} was asked for ({string.Join(' ', unstated.Elements)} in frame {unstated.Frame}). Ask for no order, or correct the JSON.");
        }

        if (described is not null && !described.Elements.SequenceEqual(convention.Elements))
        {
            throw new DataException(
                $"{path}: its header says that its elements are {string.Join(' ', described.Elements)}, {string.Join(' ', convention.Elements)} was expected as in its JSON or as asked for: a write that was stopped may have left one image's JSON beside another. Make the tensors again; if their order was changed by hand, change the header's description too.");
        }

        var image = new TensorImage(reader.Grid);
        foreach (int place in convention.Places())
        {
            reader.ReadVolume(image.Element(place));
        }

        return convention.Frame == GradientFrame.Bvec
            ? image
            : FrameRotation.FromBvec(convention.Frame, image.Grid.Affine).Inverse().Apply(image);
    }

    /// <summary>Writes the image and its sidecar; each appears complete or not at all.</summary>
    /// <param name="path">Ends as NIfTI files do; the sidecar has .json instead.</param>
    /// <param name="image">The tensors, in FSL's order and frame.</param>
    /// <param name="order">Order and frame of the file.</param>
    /// <param name="provenance">Where the tensors come from, if they weren't fitted to a series.</param>
    /// <exception cref="DataException">Can't be written.</exception>
    public static void Write(string path, TensorImage image, TensorOrder order = TensorOrder.Fsl, Provenance? provenance = null)
    {
        TensorConvention convention = TensorConvention.Of(order);
        TensorImage turned = convention.Frame == GradientFrame.Bvec ? image : FrameRotation.FromBvec(convention.Frame, image.Grid.Affine).Apply(image);
        var header = new NiftiHeader
        {
            Grid = image.Grid,
            SeriesSize = convention.SeriesSize,
            Intent = convention.Intent,
            IntentParameter = convention.Intent == 0 ? 0 : 3,
            Description = convention.Description,
        };
        using NiftiWriter writer = NiftiWriter.Create(path, header);
        foreach (int place in convention.Places())
        {
            writer.WriteVolume(turned.Element(place));
        }

        TensorSidecar.Write(path, convention, provenance);
        writer.Commit();
    }
}
