namespace Iqt.Diffusion;

/// <summary>
/// b-value (s/mm²) and direction of each volume of a DWI series. A weighted volume without a direction is a trace
/// volume, the mean over directions that scanners append; no fit uses it.
/// </summary>
public sealed class GradientTable
{
    /// <summary>
    /// Volumes with b at most this count as b=0 (s/mm²): HCP states its b=0 volumes as 5, scanners up to some tens,
    /// and no shell in use is this weak.
    /// </summary>
    public const double BaselineLimit = 50;

    // FSL writes three to six digits; directions scaled by anything more than rounding mean another convention.
    private const double NormTolerance = 0.1;

    private readonly double[] _bValues;
    private readonly GradientDirection[] _directions;

    /// <param name="bValues">In s/mm².</param>
    /// <param name="directions">One per b-value; brought to unit length, NaN (FSL's b=0) becomes (0, 0, 0).</param>
    /// <param name="name">Where the directions come from, for messages.</param>
    /// <param name="bValueName">Where the b-values come from; the same place by default.</param>
    /// <exception cref="GradientException">Counts differ, a b-value is negative, a direction is not of unit length.</exception>
    public GradientTable(IReadOnlyList<double> bValues, IReadOnlyList<GradientDirection> directions, string name = "gradient table", string? bValueName = null)
    {
        Name = name;
        BValueName = bValueName ?? name;
        if (bValues.Count != directions.Count)
        {
            throw new GradientException(GradientFault.DirectionCount, $"{name}: {directions.Count} directions and {bValues.Count} b-values were found, as many of each were expected. Use the bval and bvec of the same series.");
        }

        _bValues = [.. bValues];
        _directions = new GradientDirection[bValues.Count];
        for (int i = 0; i < _bValues.Length; i++)
        {
            if (!(_bValues[i] >= 0 && double.IsFinite(_bValues[i])))
            {
                throw new GradientException(GradientFault.BValue, $"{BValueName}: the b-value of volume {i} is {_bValues[i]:R}, a number of at least 0 s/mm² was expected. Correct the bval file.");
            }

            _directions[i] = Normalised(directions[i], i);
        }
    }

    /// <summary>Where the directions come from, for messages.</summary>
    public string Name { get; }

    /// <summary>Where the b-values come from, for messages.</summary>
    public string BValueName { get; }

    /// <summary>Number of volumes.</summary>
    public int Count => _bValues.Length;

    /// <summary>b in s/mm² of each volume.</summary>
    public IReadOnlyList<double> BValues => _bValues;

    /// <summary>Direction of each volume.</summary>
    public IReadOnlyList<GradientDirection> Directions => _directions;

    /// <summary>Indices of the volumes with b at most <paramref name="limit"/> s/mm².</summary>
    public int[] BaselineVolumes(double limit = BaselineLimit) =>
        [.. Enumerable.Range(0, Count).Where(i => _bValues[i] <= limit)];

    /// <summary>Indices of the weighted volumes without a direction.</summary>
    public int[] TraceVolumes() => [.. Enumerable.Range(0, Count).Where(IsTrace)];

    /// <summary>Whether a volume is weighted but has no direction.</summary>
    public bool IsTrace(int volume) => _bValues[volume] > BaselineLimit && _directions[volume] == default;

    /// <summary>The table of some of the volumes, in the order given.</summary>
    public GradientTable Select(IReadOnlyList<int> volumes) =>
        new([.. volumes.Select(i => _bValues[i])], [.. volumes.Select(i => _directions[i])], Name, BValueName);

    /// <summary>Refuses a series of another length.</summary>
    /// <exception cref="GradientException">The series has another number of volumes.</exception>
    public void CheckVolumes(int volumes, string series)
    {
        if (volumes != Count)
        {
            throw new GradientException(GradientFault.VolumeCount, $"{series}: has {volumes} volumes but {Name} describes {Count}, as many were expected. Use the bval and bvec of this series.");
        }
    }

    private GradientDirection Normalised(GradientDirection direction, int volume)
    {
        bool baseline = _bValues[volume] <= BaselineLimit;
        double norm = direction.Norm;
        if (norm == 0 || double.IsNaN(norm) || (baseline && double.IsInfinity(norm)))
        {
            return default;
        }

        if (!baseline && Math.Abs(norm - 1) > NormTolerance)
        {
            throw new GradientException(GradientFault.Direction, $"{Name}: the direction of volume {volume} has length {norm:R}, 1 was expected. Scale the directions to unit length and put their strength into the b-values.");
        }

        return new GradientDirection(direction.X / norm, direction.Y / norm, direction.Z / norm);
    }
}
