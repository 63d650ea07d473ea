using System.Text.Json.Serialization;

namespace Iqt.Training;

/// <summary>Type of the numbers of a stack's two halves, the residual stream; its residual functions stay in float32.</summary>
public enum StreamType
{
    /// <summary>Reconstruction drifts with every reversed block.</summary>
    [JsonStringEnumMemberName("float32")]
    F32,

    /// <summary>Keeps that drift below the rounding of a float32 number.</summary>
    [JsonStringEnumMemberName("float64")]
    F64,
}
