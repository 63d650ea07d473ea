namespace System.Runtime.CompilerServices;

/// <summary>Lets records compile for netstandard2.0, which analyzers have to target.</summary>
internal static class IsExternalInit;
