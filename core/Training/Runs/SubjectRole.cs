namespace Iqt.Training;

/// <summary>What a subject does in a run.</summary>
public enum SubjectRole
{
    /// <summary>All its patches are trained on.</summary>
    Training,

    /// <summary>All its patches validate.</summary>
    Validation,

    /// <summary>Its patches are divided (validation by patches).</summary>
    TrainingAndValidation,

    /// <summary>Never seen by the training.</summary>
    Test,

    /// <summary>Left out because fewer subjects were asked for.</summary>
    Unused,
}
