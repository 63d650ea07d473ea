namespace Iqt.Diffusion;

/// <summary>NIfTI's qform: rotation as a quaternion, voxel size and handedness apart (nifti1.h, method 2).</summary>
internal static class NiftiQuaternion
{
    /// <param name="q">b, c, d and the three offsets in mm.</param>
    /// <param name="pixdim">qfac (±1) and the three voxel sizes in mm.</param>
    public static Affine ToAffine(ReadOnlySpan<double> q, ReadOnlySpan<double> pixdim)
    {
        double b = q[0], c = q[1], d = q[2];
        double length = b * b + c * c + d * d;
        double a = 1 - length;
        if (a < 1e-7)
        {
            // A rotation by 180°: rounding may have made the vector part longer than 1.
            double scale = 1 / Math.Sqrt(length);
            (a, b, c, d) = (0, b * scale, c * scale, d * scale);
        }
        else
        {
            a = Math.Sqrt(a);
        }

        double qfac = pixdim[0] < 0 ? -1 : 1;
        double x = Math.Abs(pixdim[1]), y = Math.Abs(pixdim[2]), z = Math.Abs(pixdim[3]) * qfac;
        return new Affine([
            (a * a + b * b - c * c - d * d) * x, 2 * (b * c - a * d) * y, 2 * (b * d + a * c) * z, q[3],
            2 * (b * c + a * d) * x, (a * a + c * c - b * b - d * d) * y, 2 * (c * d - a * b) * z, q[4],
            2 * (b * d - a * c) * x, 2 * (c * d + a * b) * y, (a * a + d * d - c * c - b * b) * z, q[5],
        ]);
    }

    /// <summary>
    /// The quaternion (b, c, d) and qfac of an affine without shear; null where the axes are not at right
    /// angles, which a qform can't say.
    /// </summary>
    public static (double B, double C, double D, double Qfac)? FromAffine(Affine affine)
    {
        (double sx, double sy, double sz) = affine.VoxelSize;
        double qfac = affine.Determinant < 0 ? -1 : 1;
        var r = new double[3, 3];
        for (int row = 0; row < 3; row++)
        {
            r[row, 0] = affine[row, 0] / sx;
            r[row, 1] = affine[row, 1] / sy;
            r[row, 2] = affine[row, 2] / sz * qfac;
        }

        if (Math.Max(Math.Abs(Dot(r, 0, 1)), Math.Max(Math.Abs(Dot(r, 0, 2)), Math.Abs(Dot(r, 1, 2)))) > 1e-4)
        {
            return null;
        }

        double trace = r[0, 0] + r[1, 1] + r[2, 2] + 1;
        double a, b, c, d;
        if (trace > 0.5)
        {
            a = 0.5 * Math.Sqrt(trace);
            b = 0.25 * (r[2, 1] - r[1, 2]) / a;
            c = 0.25 * (r[0, 2] - r[2, 0]) / a;
            d = 0.25 * (r[1, 0] - r[0, 1]) / a;
        }
        else
        {
            // Near 180°: start from the largest of b, c, d so that nothing is divided by a small number.
            double xd = 1 + r[0, 0] - r[1, 1] - r[2, 2], yd = 1 + r[1, 1] - r[0, 0] - r[2, 2], zd = 1 + r[2, 2] - r[0, 0] - r[1, 1];
            if (xd >= yd && xd >= zd)
            {
                b = 0.5 * Math.Sqrt(xd);
                (a, c, d) = (0.25 * (r[2, 1] - r[1, 2]) / b, 0.25 * (r[0, 1] + r[1, 0]) / b, 0.25 * (r[0, 2] + r[2, 0]) / b);
            }
            else if (yd >= zd)
            {
                c = 0.5 * Math.Sqrt(yd);
                (a, b, d) = (0.25 * (r[0, 2] - r[2, 0]) / c, 0.25 * (r[0, 1] + r[1, 0]) / c, 0.25 * (r[1, 2] + r[2, 1]) / c);
            }
            else
            {
                d = 0.5 * Math.Sqrt(zd);
                (a, b, c) = (0.25 * (r[1, 0] - r[0, 1]) / d, 0.25 * (r[0, 2] + r[2, 0]) / d, 0.25 * (r[1, 2] + r[2, 1]) / d);
            }

            if (a < 0)
            {
                (b, c, d) = (-b, -c, -d);
            }
        }

        return (b, c, d, qfac);
    }

    private static double Dot(double[,] r, int i, int j) => r[0, i] * r[0, j] + r[1, i] * r[1, j] + r[2, i] * r[2, j];
}
