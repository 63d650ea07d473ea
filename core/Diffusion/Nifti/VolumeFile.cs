namespace Iqt.Diffusion;

/// <summary>One scalar volume as a NIfTI file of float32.</summary>
public static class VolumeFile
{
    /// <summary>Reads a 3D image of any type that Iqt reads.</summary>
    /// <exception cref="NiftiException">Not readable, or a series of several volumes.</exception>
    public static Volume Read(string path)
    {
        using NiftiReader reader = NiftiReader.Open(path);
        if (reader.Volumes != 1)
        {
            throw new NiftiException(NiftiFault.Content, path, $"has {reader.Volumes} volumes, one was expected. Extract the volume wanted, for example with fslroi.");
        }

        var volume = new Volume(reader.Grid);
        reader.ReadVolume(volume.Values);
        return volume;
    }

    /// <summary>Writes float32; the file appears complete or not at all.</summary>
    /// <exception cref="DataException">Can't be written.</exception>
    public static void Write(string path, Volume volume)
    {
        using NiftiWriter writer = NiftiWriter.Create(path, new NiftiHeader { Grid = volume.Grid });
        writer.WriteVolume(volume.Values);
        writer.Commit();
    }
}
