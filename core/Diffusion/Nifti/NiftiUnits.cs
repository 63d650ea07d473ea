namespace Iqt.Diffusion;

/// <summary>NIfTI's <c>xyzt_units</c>: the low three bits are the unit of space, the next three that of the series.</summary>
internal static class NiftiUnits
{
    private const int Millimetre = 2, Second = 8, Hertz = 32, PartsPerMillion = 40, RadiansPerSecond = 48;

    /// <summary>Millimetres in one unit of space; 1 where none is stated.</summary>
    public static double Millimetres(long code) => (code & 7) switch
    {
        1 => 1000,
        3 => 0.001,
        _ => 1,
    };

    /// <summary>The unit of the series, and what its spacing is multiplied by to be in it.</summary>
    public static (NiftiSeriesUnit Unit, double Scale) Series(long code) => (code & 0x38) switch
    {
        8 => (NiftiSeriesUnit.Seconds, 1),
        16 => (NiftiSeriesUnit.Seconds, 1e-3),
        24 => (NiftiSeriesUnit.Seconds, 1e-6),
        Hertz => (NiftiSeriesUnit.Hertz, 1),
        PartsPerMillion => (NiftiSeriesUnit.PartsPerMillion, 1),
        RadiansPerSecond => (NiftiSeriesUnit.RadiansPerSecond, 1),
        _ => (NiftiSeriesUnit.Unknown, 1),
    };

    /// <summary>The code of millimetres and a unit of the series.</summary>
    public static int Code(NiftiSeriesUnit unit) => Millimetre | unit switch
    {
        NiftiSeriesUnit.Seconds => Second,
        NiftiSeriesUnit.Hertz => Hertz,
        NiftiSeriesUnit.PartsPerMillion => PartsPerMillion,
        NiftiSeriesUnit.RadiansPerSecond => RadiansPerSecond,
        _ => 0,
    };
}
