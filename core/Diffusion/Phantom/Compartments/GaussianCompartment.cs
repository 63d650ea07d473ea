using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// Water that diffuses freely in one tensor: signal = Weight · exp(−b gᵀDg). All compartments of the phantom are of
/// this form, the stick with D = d∥ nnᵀ included.
/// </summary>
/// <param name="Weight">Its b=0 signal.</param>
/// <param name="Diagonal">D's xx, yy, zz in µm²/ms (1 µm²/ms = 1e-3 mm²/s).</param>
/// <param name="OffDiagonal">D's xy, xz, yz in µm²/ms.</param>
internal readonly record struct GaussianCompartment(float Weight, Vector3 Diagonal, Vector3 OffDiagonal)
{
    public static GaussianCompartment Isotropic(float weight, float diffusivity) =>
        new(weight, new Vector3(diffusivity), Vector3.Zero);

    /// <summary>Symmetric about an axis; with the mean dyad of dispersed axes also their mean tensor.</summary>
    public static GaussianCompartment Axial(float weight, float along, float across, in Dyad axis) =>
        new(weight, new Vector3(across) + (along - across) * axis.Diagonal, (along - across) * axis.OffDiagonal);
}
