using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>One subject's anatomy: which tissue lies where. Each structure is an object of its own.</summary>
internal sealed class HeadAnatomy
{
    private readonly BrainOutline _outline;
    private readonly PosteriorFossa _fossa;
    private readonly ExposedSurface _surface;
    private readonly CorticalRibbon _cortex;
    private readonly Ventricles _ventricles;
    private readonly DeepNuclei _nuclei;

    public HeadAnatomy(AnatomyFrame frame)
    {
        _fossa = new PosteriorFossa(frame);
        _outline = new BrainOutline(frame, _fossa);
        Callosum = new CorpusCallosum(frame);
        _surface = new ExposedSurface(frame, _outline, Callosum);
        _cortex = new CorticalRibbon(frame, _surface);
        _ventricles = new Ventricles(frame);
        _nuclei = new DeepNuclei(frame);
    }

    public CorpusCallosum Callosum { get; }

    public PosteriorFossa Fossa => _fossa;

    /// <summary>Whether the head ends before the point, by more than a margin in mm.</summary>
    public bool IsFarOutside(Vector3 point, float margin) =>
        _outline.IsFarOutside(point, margin) && _fossa.Distance(point) > margin + BrainOutline.SubarachnoidThickness + 1;

    /// <summary>What a point consists of, and how it lies to the cortex.</summary>
    public AnatomyPoint At(Vector3 point)
    {
        if (_fossa.At(point) is { } below)
        {
            return below;
        }

        Surface hull = _surface.HullDepth(point);
        if (hull.Distance < -BrainOutline.SubarachnoidThickness)
        {
            Tissue around = _fossa.Distance(point) < BrainOutline.SubarachnoidThickness ? Tissue.CerebrospinalFluid : Tissue.Outside;
            return new AnatomyPoint(around, default, 0);
        }

        if (hull.Distance < 0)
        {
            return new AnatomyPoint(Tissue.CerebrospinalFluid, default, 0);
        }

        Surface pia = _cortex.PialDepth(point, hull);
        float thickness = _cortex.Thickness(point);
        if (pia.Distance < 0)
        {
            return new AnatomyPoint(Tissue.CerebrospinalFluid, pia, 0);
        }

        if (pia.Distance < thickness)
        {
            return new AnatomyPoint(Tissue.CorticalGrey, pia, 0);
        }

        // The callosum roofs the ventricles: none of their random shapes breaks through it.
        float arch = MathF.Abs(Callosum.DistanceToArch(point)) - Callosum.HalfThickness(point);
        Tissue tissue = arch < 0 ? Tissue.White
            : _ventricles.Distance(point) < 0 ? Tissue.CerebrospinalFluid
            : _nuclei.Distance(point) < 0 ? Tissue.DeepGrey
            : Tissue.White;
        return new AnatomyPoint(tissue, pia, pia.Distance - thickness);
    }
}
