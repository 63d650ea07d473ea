namespace Iqt.Diffusion;

/// <summary>On which side of an axial picture the patient's left is.</summary>
public enum ViewConvention
{
    /// <summary>Patient's left on the right, as seen from the feet.</summary>
    Radiological,

    /// <summary>Patient's left on the left, as seen from above.</summary>
    Neurological,
}

/// <summary>
/// An axial plane of a reference image, sampled at square pixels: front up, sides by convention. Other images are
/// sampled at the same places in the scanner, so that LR and HR stand at the same size.
/// </summary>
public sealed class AxialSlice
{
    // Of what a header says, however large: no picture is wider, and none is without a pixel. A sheet of twelve has 200 MB then.
    private const int MostPixels = 2048;

    private readonly Grid _reference;
    private readonly AnatomicalAxes _axes;
    private readonly ViewConvention _convention;
    private readonly int _slice;
    private readonly double _columnSpacing;
    private readonly double _rowSpacing;
    private readonly double _pixelsPerMm;

    /// <param name="reference">Gives the plane and its extent.</param>
    /// <param name="height">Where along the up axis: 0 the lowest slice, 1 the highest.</param>
    /// <param name="convention">Where the patient's left is.</param>
    /// <param name="pixelsPerMm">Size of the picture; more where a voxel is smaller than a pixel, less where an edge would have more than 2048.</param>
    public AxialSlice(Grid reference, double height = 0.5, ViewConvention convention = ViewConvention.Radiological, double pixelsPerMm = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pixelsPerMm);
        _reference = reference;
        _axes = new AnatomicalAxes(reference.Affine);
        _convention = convention;
        double fraction = _axes.IsReversed(2) ? 1 - height : height;
        _slice = (int)Math.Round(fraction * (Length(2) - 1));
        (double x, double y, double z) = reference.Affine.VoxelSize;
        double[] size = [x, y, z];
        (_columnSpacing, _rowSpacing) = (size[_axes.VoxelAxis(0)], size[_axes.VoxelAxis(1)]);
        double across = Length(0) * _columnSpacing, along = Length(1) * _rowSpacing;
        double pixelAVoxel = 1 / Math.Min(_columnSpacing, _rowSpacing);
        _pixelsPerMm = Math.Min(Math.Max(pixelsPerMm, pixelAVoxel), MostPixels / Math.Max(across, along));
        Width = Math.Max(1, (int)Math.Round(across * _pixelsPerMm));
        Height = Math.Max(1, (int)Math.Round(along * _pixelsPerMm));
    }

    /// <summary>Pixels from side to side.</summary>
    public int Width { get; }

    /// <summary>Pixels from front to back.</summary>
    public int Height { get; }

    /// <summary>L or R: the side of the patient at the left edge.</summary>
    public char LeftEdge => _convention == ViewConvention.Radiological ? 'R' : 'L';

    /// <summary>L or R: the side of the patient at the right edge.</summary>
    public char RightEdge => _convention == ViewConvention.Radiological ? 'L' : 'R';

    /// <summary>
    /// Values at each pixel, row by row from the front: those of the nearest voxel, NaN beyond the volume.
    /// </summary>
    public float[] Sample(Volume volume)
    {
        var values = new float[Width * Height];
        Affine inverse = volume.Grid.Affine.Inverse();
        Span<double> index = stackalloc double[3];
        for (int row = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                index[_axes.VoxelAxis(0)] = Along(0, column, _columnSpacing, lowFirst: _convention == ViewConvention.Neurological);
                index[_axes.VoxelAxis(1)] = Along(1, row, _rowSpacing, lowFirst: false);
                index[_axes.VoxelAxis(2)] = _slice;
                (double x, double y, double z) = _reference.Affine.Apply(index[0], index[1], index[2]);
                (double X, double Y, double Z) voxel = inverse.Apply(x, y, z);
                (int i, int j, int k) = (Nearest(voxel.X), Nearest(voxel.Y), Nearest(voxel.Z));
                values[row * Width + column] = volume.Grid.Size.Contains(i, j, k) ? volume[i, j, k] : float.NaN;
            }
        }

        return values;
    }

    private int Length(int anatomical) => _axes.VoxelAxis(anatomical) switch
    {
        0 => _reference.Size.X,
        1 => _reference.Size.Y,
        _ => _reference.Size.Z,
    };

    /// <summary>Fractional voxel index of a pixel; the first pixel is at the low (left, back) or the high end.</summary>
    private double Along(int anatomical, int pixel, double spacing, bool lowFirst)
    {
        double index = (pixel + 0.5) / (spacing * _pixelsPerMm) - 0.5;
        return lowFirst == _axes.IsReversed(anatomical) ? Length(anatomical) - 1 - index : index;
    }

    // Half-way points fall to the upper voxel throughout, so that blocks of an LR image are all of one size.
    private static int Nearest(double index) => (int)Math.Floor(index + 0.5);
}
