namespace Iqt.Diffusion;

/// <summary>Whether tensors can be those of a diffusion: all eigenvalues above 0.</summary>
public static class PositiveDefiniteness
{
    /// <summary>Voxels of the mask whose tensor is not positive definite.</summary>
    /// <param name="image">On the mask's grid.</param>
    /// <param name="mask">Where to look.</param>
    public static int Violations(TensorImage image, Mask mask)
    {
        int voxels = image.Grid.Size.Voxels, found = 0;
        float[] values = image.Values;
        for (int i = 0; i < voxels; i++)
        {
            if (mask.Values[i] && !Holds(values[i], values[voxels + i], values[2 * voxels + i], values[3 * voxels + i], values[4 * voxels + i], values[5 * voxels + i]))
            {
                found++;
            }
        }

        return found;
    }

    // Sylvester: positive definite exactly if all leading minors are positive.
    internal static bool Holds(double xx, double xy, double xz, double yy, double yz, double zz)
    {
        double determinant = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz);
        return xx > 0 && xx * yy - xy * xy > 0 && determinant > 0;
    }
}
