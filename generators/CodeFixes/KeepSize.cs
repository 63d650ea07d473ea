using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iqt.Generators.CodeFixes;

/// <summary>IQT012: sets the padding that keeps the size, half the kernel (times the dilation).</summary>
/// <remarks>
/// Not offered where no padding makes up for what changes the size: an even kernel, a stride, a layer that is no convolution
/// with a window of its input. Nor where a hyperparameter gives the numbers.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeepSize)), Shared]
public sealed class KeepSize : DeclarationCodeFix
{
    /// <inheritdoc/>
    protected override string Rule => "IQT012";

    /// <inheritdoc/>
    protected override NodeFix? Fix(SyntaxNode reported, SemanticModel model)
    {
        if (reported.FirstAncestorOrSelf<AttributeSyntax>() is not { } convolution
            || model.GetTypeInfo(convolution).Type?.Name is not ("Conv2dAttribute" or "Conv3dAttribute")
            || model.Integer(convolution.Named("Stride"), otherwise: 1) is not 1
            || model.Integer(convolution.Named("Kernel"), otherwise: 1) is not { } kernel
            || model.Integer(convolution.Named("Dilation"), otherwise: 1) is not { } dilation
            || kernel % 2 == 0)
        {
            return null;
        }

        int padding = dilation * (kernel / 2);
        return new($"Set Padding = {padding}", convolution, convolution.WithNamed("Padding", padding));
    }
}
