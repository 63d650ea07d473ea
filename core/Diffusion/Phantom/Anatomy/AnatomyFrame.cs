using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// The coordinates of the anatomy: mm from the middle of the brain along the axes of the image, x to the left,
/// y to the front, z up. Lengths are given as in an adult brain and shrunk for smaller phantoms.
/// </summary>
/// <param name="Seed">The subject's.</param>
/// <param name="Size">Length of this brain over an adult's.</param>
internal sealed record AnatomyFrame(SubjectSeed Seed, float Size)
{
    /// <summary>Length of folds and depth of sulci shrink less than the brain: a small brain has fewer folds.</summary>
    public float FoldSize => MathF.Sqrt(Size);

    /// <summary>Random numbers for the parameters of one structure.</summary>
    public RandomStream RandomFor(string structure) => new(Seed.For(structure));

    /// <summary>A smooth field of waves between two lengths (mm in an adult brain).</summary>
    public SmoothField FieldFor(string name, float shortest, float longest, int waves = 8) =>
        new(Seed.For(name), shortest * Size, longest * Size, waves);

    /// <summary>A point or extent given in the mm of an adult brain.</summary>
    public Vector3 Point(float x, float y, float z) => Size * new Vector3(x, y, z);
}
