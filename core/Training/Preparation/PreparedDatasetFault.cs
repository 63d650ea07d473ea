namespace Iqt.Training;

/// <summary>What is wrong with a prepared data set.</summary>
public enum PreparedDatasetFault
{
    /// <summary>The folder was not written by <c>iqt prepare</c>.</summary>
    NotPrepared,

    /// <summary>A subject that was to be prepared is not there: the preparation did not finish.</summary>
    Incomplete,

    /// <summary>It was prepared with other settings.</summary>
    OtherSettings,

    /// <summary>A subject was prepared from other files.</summary>
    OtherFiles,

    /// <summary>Fewer subjects than asked for.</summary>
    TooFewSubjects,
}
