namespace Iqt.Diffusion;

/// <summary>How a data set is laid out.</summary>
public enum DatasetLayout
{
    /// <summary>Brain Imaging Data Structure, raw or derivatives.</summary>
    Bids,

    /// <summary>The Human Connectome Project's preprocessed packages.</summary>
    Hcp,

    /// <summary>A .tsv table of paths.</summary>
    Table,
}
