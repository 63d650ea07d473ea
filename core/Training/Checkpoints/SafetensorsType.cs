namespace Iqt.Training;

/// <summary>What a tensor of a safetensors file holds; little-endian.</summary>
public enum SafetensorsType
{
    /// <summary>float32.</summary>
    F32,

    /// <summary>float64.</summary>
    F64,

    /// <summary>int64.</summary>
    I64,
}
