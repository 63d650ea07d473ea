namespace Iqt.Diffusion;

/// <summary>Scalar maps of a tensor image. Zero tensors (outside the mask) give zero.</summary>
public static class TensorMaps
{
    /// <summary>MD in mm²/s: a third of the trace.</summary>
    public static Volume MeanDiffusivity(TensorImage image) =>
        Map(image, (xx, _, _, yy, _, zz) => (xx + yy + zz) / 3);

    /// <summary>
    /// FA, 0 to 1: √(3/2) of the deviatoric part's norm over the tensor's norm, which needs no eigenvalues. A tensor
    /// that is not positive definite can exceed 1 and is given 1.
    /// </summary>
    public static Volume FractionalAnisotropy(TensorImage image) => Map(image, (xx, xy, xz, yy, yz, zz) =>
    {
        double off = 2 * (xy * xy + xz * xz + yz * yz);
        double norm = xx * xx + yy * yy + zz * zz + off;
        if (norm == 0)
        {
            return 0;
        }

        double mean = (xx + yy + zz) / 3;
        double deviation = (xx - mean) * (xx - mean) + (yy - mean) * (yy - mean) + (zz - mean) * (zz - mean) + off;
        return Math.Clamp(Math.Sqrt(1.5 * deviation / norm), 0, 1);
    });

    /// <summary>AD in mm²/s: the largest eigenvalue.</summary>
    public static Volume AxialDiffusivity(TensorImage image) =>
        Map(image, (xx, xy, xz, yy, yz, zz) => Eigenvalues.Of(xx, xy, xz, yy, yz, zz).Largest);

    /// <summary>RD in mm²/s: the mean of the two smaller eigenvalues.</summary>
    public static Volume RadialDiffusivity(TensorImage image) =>
        Map(image, (xx, xy, xz, yy, yz, zz) => (xx + yy + zz - Eigenvalues.Of(xx, xy, xz, yy, yz, zz).Largest) / 2);

    private delegate double Formula(double xx, double xy, double xz, double yy, double yz, double zz);

    private static Volume Map(TensorImage image, Formula formula)
    {
        int count = image.Grid.Size.Voxels;
        float[] d = image.Values;
        var map = new Volume(image.Grid);
        for (int i = 0; i < count; i++)
        {
            map.Values[i] = (float)formula(d[i], d[i + count], d[i + 2 * count], d[i + 3 * count], d[i + 4 * count], d[i + 5 * count]);
        }

        return map;
    }
}
