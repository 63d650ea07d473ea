namespace Iqt.Diffusion;

/// <summary>The files of one acquisition of one subject.</summary>
/// <param name="Subject">Whom it is of: <c>sub-01</c>, HCP's number. Splits between training and test go by this.</param>
/// <param name="Name">Tells acquisitions of a subject apart: <c>sub-01_ses-2</c>; equal to the subject where there is one.</param>
/// <param name="Dwi">The series.</param>
/// <param name="Gradients">Its b-values and directions.</param>
/// <param name="Mask">Brain mask, if there is one.</param>
public sealed record SubjectFiles(string Subject, string Name, string Dwi, GradientFiles Gradients, string? Mask)
{
    /// <summary>Why they can't be used, where that is known before any is opened: a path of a table that leads nowhere, gradient files that are missing.</summary>
    public string? Problem { get; init; }

    /// <summary>Opens the series and reads the table that belongs to it.</summary>
    /// <exception cref="DataException">Not readable or of different counts.</exception>
    public (DwiFile Dwi, GradientTable Gradients) Open()
    {
        CheckThere();
        var dwi = new DwiFile(Dwi);
        GradientTable gradients = Gradients.Read();
        gradients.CheckVolumes(dwi.Volumes, Dwi);
        return (dwi, gradients);
    }

    /// <exception cref="DataException">There is a <see cref="Problem"/>.</exception>
    internal void CheckThere()
    {
        if (Problem is not null)
        {
            throw new DataException(Problem);
        }
    }

    /// <summary>Reads the mask on the series' grid, or computes one where none is given.</summary>
    /// <exception cref="DataException">Not readable, of another grid, or nothing found.</exception>
    public Mask ReadOrComputeMask(DwiFile dwi, GradientTable gradients, CancellationToken cancellation = default) =>
        Mask is null ? BrainMask.Compute(dwi, gradients, cancellation) : MaskFile.Read(Mask, dwi.Grid);
}
