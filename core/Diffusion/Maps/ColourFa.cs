namespace Iqt.Diffusion;

/// <summary>
/// FA in the colours of the principal direction (Pajevic and Pierpaoli 1999): red right-left, green front-back, blue
/// up-down in the scanner, however the voxels are stored.
/// </summary>
/// <param name="Red">FA times the size of the direction's part along x, 0 to 1.</param>
/// <param name="Green">Along y.</param>
/// <param name="Blue">Along z.</param>
public sealed record ColourFa(Volume Red, Volume Green, Volume Blue)
{
    /// <summary>Of a tensor image.</summary>
    public static ColourFa Of(TensorImage image)
    {
        Volume fa = TensorMaps.FractionalAnisotropy(image);
        var colours = new ColourFa(new Volume(image.Grid), new Volume(image.Grid), new Volume(image.Grid));
        FrameRotation toScanner = FrameRotation.FromBvec(GradientFrame.Scanner, image.Grid.Affine);
        int count = image.Grid.Size.Voxels;
        float[] d = image.Values;
        Parallel.For(0, image.Grid.Size.Z, z =>
        {
            int slice = image.Grid.Size.X * image.Grid.Size.Y;
            for (int i = z * slice; i < (z + 1) * slice; i++)
            {
                if (fa.Values[i] > 0)
                {
                    GradientDirection e = toScanner.Apply(PrincipalDirection.Of(d[i], d[i + count], d[i + 2 * count], d[i + 3 * count], d[i + 4 * count], d[i + 5 * count]));
                    colours.Red.Values[i] = fa.Values[i] * (float)Math.Abs(e.X);
                    colours.Green.Values[i] = fa.Values[i] * (float)Math.Abs(e.Y);
                    colours.Blue.Values[i] = fa.Values[i] * (float)Math.Abs(e.Z);
                }
            }
        });
        return colours;
    }

    /// <summary>Writes three float32 volumes, red, green, blue, as MRtrix does; the file appears complete or not at all.</summary>
    /// <exception cref="DataException">Can't be written.</exception>
    public void Write(string path)
    {
        using NiftiWriter writer = NiftiWriter.Create(path, new NiftiHeader { Grid = Red.Grid, SeriesSize = [3] });
        writer.WriteVolume(Red.Values);
        writer.WriteVolume(Green.Values);
        writer.WriteVolume(Blue.Values);
        writer.Commit();
    }
}
