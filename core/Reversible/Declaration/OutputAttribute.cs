namespace Iqt.Reversible;

/// <summary>
/// The segment's output is an output of the network, beside that of the last segment (deep supervision). The order of
/// outputs is that of the source.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OutputAttribute : Attribute;
