namespace Iqt.Training;

/// <summary>How Adam's rate changes from epoch to epoch.</summary>
public enum RateSchedule
{
    /// <summary>It falls by a factor when validation has not improved for some epochs.</summary>
    Plateau,

    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls by a factor every so many epochs.</summary>
    Step,

    /// <summary>It falls to 0 at the end of the last epoch along half a cosine (Loshchilov and Hutter 2017, without restarts).</summary>
    Cosine,
}
