using System.ComponentModel;

namespace Iqt.Reversible;

/// <summary>
/// Left by generated code on a network or residual function, so that declarations in other assemblies can read what is
/// private in this one. Not written by hand.
/// </summary>
/// <param name="text">The generator's own notation.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DeclarationDescriptionAttribute(string text) : Attribute
{
    /// <summary>The generator's own notation.</summary>
    public string Text { get; } = text;
}
