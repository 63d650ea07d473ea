namespace Iqt.Reversible;

/// <summary>The softmax over the channels of each voxel.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class SoftmaxAttribute : Attribute;
