namespace Iqt.Diffusion;

/// <summary>Where the voxels lie, as a header says it: up to two maps, each with what its coordinates mean.</summary>
/// <param name="Affine">The sform, else the qform, else the voxel sizes (nifti1.h, methods 3, 2 and 1), in mm.</param>
/// <param name="SformCode">Unknown if there is none.</param>
/// <param name="QformCode">Unknown if there is none.</param>
/// <param name="Qform">The qform if it differs from the affine by more than rounding.</param>
internal sealed record NiftiOrientation(Affine Affine, NiftiSpace SformCode, NiftiSpace QformCode, Affine? Qform)
{
    // A qform is stored as float32, and the quaternion's first part is the root of a difference.
    private const double Rounding = 1e-2;

    public static NiftiOrientation Parse(NiftiFields fields, NiftiLayout layout, double millimetres, string file)
    {
        double[] pixdim = [.. Enumerable.Range(0, 4).Select(i => fields.Real(layout.PixDim, i))];
        NiftiSpace sformCode = Code(fields.Integer(layout.SformCode)), qformCode = Code(fields.Integer(layout.QformCode));
        Affine? qform = qformCode == NiftiSpace.Unknown ? null : ReadQform(fields, layout, pixdim, millimetres);
        if (sformCode != NiftiSpace.Unknown)
        {
            Affine sform = Checked(ReadSform(fields, layout, millimetres), "its sform", "Set it again, for example with fslorient -copyqform2sform", file);
            // A qform that means nothing is not needed here, and is not handed on.
            return qform is null || !IsUsable(qform)
                ? new NiftiOrientation(sform, sformCode, NiftiSpace.Unknown, null)
                : new NiftiOrientation(sform, sformCode, qformCode, qform.IsCloseTo(sform, Rounding) ? null : qform);
        }

        Affine affine = qform is null
            ? Checked(Affine.Scaling(millimetres * Spacing(pixdim[1]), millimetres * Spacing(pixdim[2]), millimetres * Spacing(pixdim[3])), "its voxel size", "Correct the header's pixdim", file)
            : Checked(qform, "its qform", "There is no sform to go by: convert the scan again, or set both forms, for example with fslorient -setqform and -copyqform2sform", file);
        return new NiftiOrientation(affine, sformCode, qformCode, null);
    }

    public static void Write(NiftiFields fields, NiftiLayout layout, NiftiHeader header)
    {
        Affine affine = header.Grid.Affine;
        Affine qform = header.Qform ?? affine;
        // A qform can't say shear: then there is none.
        var quaternion = header.QformCode == NiftiSpace.Unknown ? null : NiftiQuaternion.FromAffine(qform);
        // Without a qform to say it, only an sform keeps the place.
        NiftiSpace sformCode = header.SformCode == NiftiSpace.Unknown && quaternion is null && !IsScaling(affine) ? NiftiSpace.Scanner : header.SformCode;
        (double x, double y, double z) = (quaternion is null ? affine : qform).VoxelSize;
        double[] pixdim = [quaternion?.Qfac ?? 1, x, y, z, header.SeriesSpacing];
        for (int i = 0; i < pixdim.Length; i++)
        {
            fields.Set(layout.PixDim, pixdim[i], i);
        }

        fields.Set(layout.SformCode, (long)sformCode);
        if (sformCode != NiftiSpace.Unknown)
        {
            for (int i = 0; i < 12; i++)
            {
                fields.Set(layout.SformRows, affine[i / 4, i % 4], i);
            }
        }

        if (quaternion is var (b, c, d, _))
        {
            fields.Set(layout.QformCode, (long)header.QformCode);
            double[] q = [b, c, d, qform[0, 3], qform[1, 3], qform[2, 3]];
            for (int i = 0; i < 6; i++)
            {
                fields.Set(layout.Quaternion, q[i], i);
            }
        }
    }

    private static Affine ReadSform(NiftiFields fields, NiftiLayout layout, double millimetres)
    {
        Span<double> rows = stackalloc double[12];
        for (int i = 0; i < 12; i++)
        {
            rows[i] = millimetres * fields.Real(layout.SformRows, i);
        }

        return new Affine(rows);
    }

    private static Affine ReadQform(NiftiFields fields, NiftiLayout layout, double[] pixdim, double millimetres)
    {
        Span<double> q = stackalloc double[6];
        for (int i = 0; i < 6; i++)
        {
            q[i] = (i < 3 ? 1 : millimetres) * fields.Real(layout.Quaternion, i);
        }

        return NiftiQuaternion.ToAffine(q, [pixdim[0], millimetres * pixdim[1], millimetres * pixdim[2], millimetres * pixdim[3]]);
    }

    // Codes beyond those of the standard mean some space that we can't name; negative ones mean none.
    private static NiftiSpace Code(long code) => code <= 0 ? NiftiSpace.Unknown : code > (long)NiftiSpace.Template ? NiftiSpace.Template : (NiftiSpace)code;

    private static bool IsUsable(Affine affine) =>
        Enumerable.Range(0, 12).All(i => double.IsFinite(affine[i / 4, i % 4]))
        && double.IsFinite(affine.Determinant)
        && Math.Abs(affine.Determinant) >= 1e-12;

    private static Affine Checked(Affine affine, string form, string remedy, string file) => IsUsable(affine)
        ? affine
        : throw new NiftiException(NiftiFault.Header, file, $"{form} has determinant {affine.Determinant:R}, a finite number other than 0 was expected. {remedy}.");

    private static bool IsScaling(Affine affine) =>
        Enumerable.Range(0, 12).All(i => i % 5 == 0 ? affine[i / 4, i % 4] > 0 : affine[i / 4, i % 4] == 0);

    private static double Spacing(double value) => value == 0 || !double.IsFinite(value) ? 1 : Math.Abs(value);
}
