namespace Iqt.Training;

/// <summary>What is held out for validation.</summary>
public enum ValidationUnit
{
    /// <summary>
    /// Single patches, as in the paper. They overlap with training patches of the same subject, so this rewards
    /// memorising.
    /// </summary>
    Patches,

    /// <summary>Whole subjects.</summary>
    Subjects,
}
