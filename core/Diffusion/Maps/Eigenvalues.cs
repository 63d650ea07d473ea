namespace Iqt.Diffusion;

/// <summary>The eigenvalues of a symmetric 3×3 matrix, in its units, descending.</summary>
public readonly record struct Eigenvalues(double Largest, double Middle, double Smallest)
{
    /// <summary>From the six unique elements, by the trigonometric solution of the cubic (Smith 1961).</summary>
    public static Eigenvalues Of(double xx, double xy, double xz, double yy, double yz, double zz)
    {
        double mean = (xx + yy + zz) / 3;
        double a = xx - mean, b = yy - mean, c = zz - mean;
        double spread = Math.Sqrt((a * a + b * b + c * c + 2 * (xy * xy + xz * xz + yz * yz)) / 6);
        if (spread == 0)
        {
            return new Eigenvalues(mean, mean, mean);
        }

        // Scaled before the determinant is taken, so that diffusivities of 1e-3 don't underflow it.
        (a, b, c, xy, xz, yz) = (a / spread, b / spread, c / spread, xy / spread, xz / spread, yz / spread);
        double halfDeterminant = (a * (b * c - yz * yz) - xy * (xy * c - yz * xz) + xz * (xy * yz - b * xz)) / 2;
        double angle = Math.Acos(Math.Clamp(halfDeterminant, -1, 1)) / 3;
        double largest = mean + 2 * spread * Math.Cos(angle);
        double smallest = mean + 2 * spread * Math.Cos(angle + 2 * Math.PI / 3);
        return new Eigenvalues(largest, 3 * mean - largest - smallest, smallest);
    }
}
