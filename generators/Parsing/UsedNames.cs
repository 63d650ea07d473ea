namespace Iqt.Generators.Parsing;

/// <summary>What generated code calls by its plain name, and what nothing else in reach may therefore be called.</summary>
internal static class UsedNames
{
    /// <summary>Roots of namespaces.</summary>
    public static IReadOnlyList<string> Namespaces { get; } = ["Iqt", "TorchSharp", "System"];

    /// <summary>Types.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "Activation", "ActivationSlot", "AdditiveCoupling", "AdditiveHalf", "AffineCoupling", "AffineHalf", "BatchNorm2d", "BatchNorm3d", "BatchNormalization", "ChannelOrder",
        "ChannelPermutation", "ChannelRequirements", "Conv2d", "Conv3d", "ConvTranspose2d", "ConvTranspose3d", "Convolution", "ConvolutionAdjoint", "CoupledHalves", "DeclarationDescription", "DeclarationDescriptionAttribute", "Device", "Dictionary",
        "Execution", "ForwardPass", "GraphHalves", "GroupNorm", "GroupNormalization", "HaarTransform", "HyperparameterDeclaration", "IDeclaredNetwork", "IReadOnlyDictionary",
        "IReadOnlyList", "InstanceNorm2d", "InstanceNorm3d", "InterpolationMode", "Junction", "LayerForm", "LayerGroup", "LayerStep", "Layers", "ModuleFunction",
        "ModuleLayer", "Network", "NetworkDeclaration", "NetworkInput", "NormalizedActivation", "OperationAdjoint", "PReLU", "PaddingModes", "RectifierAdjoint", "ReplayedDropout", "ResidualFunction", "SavedTensor", "ScalarType",
        "ScaleAndShift", "Segment", "SegmentKind", "SegmentPass", "SegmentPlan", "SegmentStrategy", "Source", "SpatialMap", "SpatialStep", "Squeeze",
        "StackTapes", "StackedBlocks", "StepOptions", "Tape", "Tensor", "VoxelShuffle", "nn", "var",
    ];

    /// <summary>Methods, which a member of the class would hide.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["cat", "register_module"];
}
