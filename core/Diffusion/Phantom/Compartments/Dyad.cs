using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>A (mean of) nnᵀ: a direction without a sign, which can be averaged.</summary>
internal readonly record struct Dyad(Vector3 Diagonal, Vector3 OffDiagonal)
{
    public static Dyad Of(Vector3 n) => new(n * n, new Vector3(n.X * n.Y, n.X * n.Z, n.Y * n.Z));

    public static Dyad operator +(Dyad a, Dyad b) => new(a.Diagonal + b.Diagonal, a.OffDiagonal + b.OffDiagonal);

    public static Dyad operator *(float factor, Dyad a) => new(factor * a.Diagonal, factor * a.OffDiagonal);
}
