namespace Iqt.Diffusion;

/// <summary>The direction of fastest diffusion: the eigenvector of the largest eigenvalue.</summary>
public static class PrincipalDirection
{
    /// <summary>Of the six unique elements, in their frame; of unit length, or zero where two eigenvalues are largest.</summary>
    public static GradientDirection Of(double xx, double xy, double xz, double yy, double yz, double zz)
    {
        Eigenvalues values = Eigenvalues.Of(xx, xy, xz, yy, yz, zz);
        double largest = values.Largest;
        var first = new GradientDirection(xx - largest, xy, xz);
        var second = new GradientDirection(xy, yy - largest, yz);
        var third = new GradientDirection(xz, yz, zz - largest);
        // The rows of D − λI span the plane at right angles to the eigenvector; the longest product is the surest.
        GradientDirection best = Longer(Cross(first, second), Longer(Cross(first, third), Cross(second, third)));
        double length = best.Norm, scale = Math.Abs(values.Largest) + Math.Abs(values.Smallest);
        return length > 1e-12 * scale * scale ? new GradientDirection(best.X / length, best.Y / length, best.Z / length) : default;
    }

    private static GradientDirection Longer(GradientDirection a, GradientDirection b) => a.Norm >= b.Norm ? a : b;

    private static GradientDirection Cross(GradientDirection a, GradientDirection b) =>
        new(a.Y * b.Z - a.Z * b.Y, a.Z * b.X - a.X * b.Z, a.X * b.Y - a.Y * b.X);
}
