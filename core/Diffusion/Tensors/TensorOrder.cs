namespace Iqt.Diffusion;

/// <summary>How a file holds tensors: the order of the six elements, their frame, the shape of the series.</summary>
public enum TensorOrder
{
    /// <summary>FSL and BIDS: six volumes xx, xy, xz, yy, yz, zz in the frame of the bvecs.</summary>
    Fsl,

    /// <summary>MRtrix: six volumes xx, yy, zz, xy, xz, yz in the scanner's frame.</summary>
    Mrtrix,

    /// <summary>
    /// NIfTI's symmetric matrix (intent 1005): one volume of a vector xx, xy, yy, xz, yz, zz along the fifth axis. The
    /// standard names no frame; here it is the scanner's, as the sidecar says.
    /// </summary>
    Symmatrix,
}
