namespace Iqt.Diffusion;

/// <summary>
/// The map from voxel indices to scanner coordinates in mm (NIfTI: RAS+), as the upper three rows of a
/// 4×4 matrix. Voxel centres lie at integer indices.
/// </summary>
public sealed class Affine : IEquatable<Affine>
{
    private readonly double[] _rows;

    /// <param name="rows">Twelve numbers: three rows of four, row by row.</param>
    public Affine(ReadOnlySpan<double> rows)
    {
        if (rows.Length != 12)
        {
            throw new ArgumentException($"An affine has 3 rows of 4 numbers; {rows.Length} numbers were given.", nameof(rows));
        }

        _rows = rows.ToArray();
    }

    /// <summary>Entry of the matrix; row 0–2, column 0–3 (column 3 is the translation).</summary>
    public double this[int row, int column] => _rows[4 * row + column];

    /// <summary>Axis-aligned voxels of the given size in mm, voxel (0, 0, 0) at the origin.</summary>
    public static Affine Scaling(double x, double y, double z) => new([x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0]);

    /// <summary>Determinant of the 3×3 part; positive means the voxel axes are right-handed.</summary>
    public double Determinant =>
        this[0, 0] * (this[1, 1] * this[2, 2] - this[1, 2] * this[2, 1])
        - this[0, 1] * (this[1, 0] * this[2, 2] - this[1, 2] * this[2, 0])
        + this[0, 2] * (this[1, 0] * this[2, 1] - this[1, 1] * this[2, 0]);

    /// <summary>Edge lengths of a voxel in mm: the norms of the first three columns.</summary>
    public (double X, double Y, double Z) VoxelSize => (ColumnNorm(0), ColumnNorm(1), ColumnNorm(2));

    /// <summary>Scanner coordinates in mm of a (fractional) voxel index.</summary>
    public (double X, double Y, double Z) Apply(double x, double y, double z) =>
        (Row(0, x, y, z), Row(1, x, y, z), Row(2, x, y, z));

    /// <summary>
    /// The affine of the image whose voxels are blocks of <paramref name="factor"/>³ voxels: columns scaled,
    /// origin moved to the centre of the first block, half a voxel less half a block
    /// (<c>mrgrid regrid -scale 1/factor</c> moves it by the same shift).
    /// </summary>
    public Affine Downsampled(int factor)
    {
        double shift = (factor - 1) / 2.0;
        var rows = new double[12];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                rows[4 * row + column] = this[row, column] * factor;
            }

            rows[4 * row + 3] = Row(row, shift, shift, shift);
        }

        return new Affine(rows);
    }

    /// <summary>
    /// The affine of the image with every voxel split into <paramref name="factor"/>³: the inverse of
    /// <see cref="Downsampled"/>.
    /// </summary>
    public Affine Upsampled(int factor)
    {
        double shift = (1.0 / factor - 1) / 2;
        var rows = new double[12];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                rows[4 * row + column] = this[row, column] / factor;
            }

            rows[4 * row + 3] = Row(row, shift, shift, shift);
        }

        return new Affine(rows);
    }

    /// <summary>The map from scanner coordinates in mm to voxel indices.</summary>
    /// <exception cref="InvalidOperationException">The determinant is 0.</exception>
    public Affine Inverse()
    {
        double determinant = Determinant;
        if (determinant == 0 || !double.IsFinite(determinant))
        {
            throw new InvalidOperationException($"An affine with determinant {determinant:R} has no inverse.");
        }

        var rows = new double[12];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                // Cofactor of the transposed place; cyclic indices take care of the signs.
                int r1 = (column + 1) % 3, r2 = (column + 2) % 3, c1 = (row + 1) % 3, c2 = (row + 2) % 3;
                rows[4 * row + column] = (this[r1, c1] * this[r2, c2] - this[r1, c2] * this[r2, c1]) / determinant;
            }

            rows[4 * row + 3] = -(rows[4 * row] * this[0, 3] + rows[4 * row + 1] * this[1, 3] + rows[4 * row + 2] * this[2, 3]);
        }

        return new Affine(rows);
    }

    /// <summary>Whether every entry differs by at most <paramref name="tolerance"/> (mm).</summary>
    public bool IsCloseTo(Affine other, double tolerance) =>
        _rows.Zip(other._rows).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance);

    /// <inheritdoc/>
    public bool Equals(Affine? other) => other is not null && _rows.AsSpan().SequenceEqual(other._rows);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Affine);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_rows[0], _rows[5], _rows[10], _rows[3], _rows[7], _rows[11]);

    private double Row(int row, double x, double y, double z) =>
        this[row, 0] * x + this[row, 1] * y + this[row, 2] * z + this[row, 3];

    private double ColumnNorm(int column) =>
        Math.Sqrt(this[0, column] * this[0, column] + this[1, column] * this[1, column] + this[2, column] * this[2, column]);
}
