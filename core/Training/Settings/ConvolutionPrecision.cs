using System.Text.Json.Serialization;

namespace Iqt.Training;

/// <summary>Type that convolutions are computed in; parameters, moments and everything else stay float32.</summary>
public enum ConvolutionPrecision
{
    /// <summary>That of the parameters.</summary>
    [JsonStringEnumMemberName("float32")]
    F32,

    /// <summary>Mixed precision: sixteen bits, eight of them a float32 number's exponent.</summary>
    [JsonStringEnumMemberName("bfloat16")]
    Bf16,
}
