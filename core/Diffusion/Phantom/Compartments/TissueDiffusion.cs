using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>Diffusivities of one subject in µm²/ms (1e-3 mm²/s) and the compartments that they make.</summary>
/// <remarks>
/// Fluid 3.0: free water at 37 °C. White matter: stick and zeppelin with parallel diffusivity 1.7 and tortuosity
/// d⊥ = (1 − ν) d∥ (Zhang et al., NODDI, NeuroImage 61 (2012)). Grey matter: mean about 0.8 (Pierpaoli et al.,
/// Radiology 201 (1996)), in the cortex slightly larger along the surface normal (McNab et al., NeuroImage 69 (2013)).
/// </remarks>
internal sealed class TissueDiffusion
{
    private readonly float _fluid;
    private readonly float _corticalAlong;
    private readonly float _corticalAcross;
    private readonly float _deep;
    private readonly float _parallel;
    private readonly float _meanNeurites;
    private readonly SmoothField _neurites;

    public TissueDiffusion(AnatomyFrame frame)
    {
        RandomStream random = frame.RandomFor("diffusivities");
        _fluid = 3.0f;
        _corticalAlong = random.Normal(0.95f, 0.03f);
        _corticalAcross = random.Normal(0.76f, 0.02f);
        _deep = random.Normal(0.74f, 0.02f);
        _parallel = random.Normal(1.7f, 0.04f);
        _meanNeurites = random.Normal(0.62f, 0.02f);
        _neurites = frame.FieldFor("neurite density", 40, 80);
    }

    /// <summary>Share of white matter's water that is inside axons.</summary>
    public float NeuriteDensity(Vector3 point) => Math.Clamp(_meanNeurites + 0.05f * _neurites.At(point), 0.45f, 0.75f);

    public GaussianCompartment Fluid(float fraction) =>
        GaussianCompartment.Isotropic(fraction * RelaxationModel.Fluid, _fluid);

    public GaussianCompartment DeepGrey(float fraction) =>
        GaussianCompartment.Isotropic(fraction * RelaxationModel.Grey, _deep);

    public GaussianCompartment CorticalGrey(float fraction, in Dyad normal) =>
        GaussianCompartment.Axial(fraction * RelaxationModel.Grey, _corticalAlong, _corticalAcross, normal);

    public GaussianCompartment Stick(float fraction, float neurites, in Dyad axis) =>
        GaussianCompartment.Axial(fraction * neurites * RelaxationModel.White, _parallel, 0, axis);

    public GaussianCompartment Zeppelin(float fraction, float neurites, in Dyad axis) =>
        GaussianCompartment.Axial(fraction * (1 - neurites) * RelaxationModel.White, _parallel, (1 - neurites) * _parallel, axis);
}
