namespace Iqt.Diffusion;

/// <summary>Unit of the spacing along the fourth axis.</summary>
public enum NiftiSeriesUnit
{
    /// <summary>Not stated.</summary>
    Unknown,

    /// <summary>Seconds; milliseconds and microseconds are converted on reading.</summary>
    Seconds,

    /// <summary>Hertz.</summary>
    Hertz,

    /// <summary>Parts per million.</summary>
    PartsPerMillion,

    /// <summary>Radians per second.</summary>
    RadiansPerSecond,
}
