using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Vocabulary;

/// <summary>
/// What a layer attribute means: its channels and sizes, its rules, its code. A new kind of layer is an attribute in
/// core/Reversible, a class derived from this, and its line in <see cref="LayerKinds"/>.
/// </summary>
internal abstract class LayerKind
{
    /// <summary>The attribute's name: <c>Conv3d</c>.</summary>
    public abstract string Attribute { get; }

    /// <summary>The spatial dimensions it is for; null for both.</summary>
    public virtual int? Dimensions => null;

    /// <summary>The prefix of its parameters' names: <c>conv</c>; null if it has no module.</summary>
    public virtual string? ModuleName => null;

    /// <summary>Whether it only moves numbers or turns them by an orthogonal matrix: the inverse is the adjoint.</summary>
    public virtual bool IsRearrangement => false;

    /// <summary>Whether its gradient does not read its output, so that the next layer may overwrite it.</summary>
    public virtual bool LeavesOutputFree => false;

    /// <summary>Whether what goes out lies in channels-first order whatever came in; most layers keep the order.</summary>
    public virtual bool LeavesChannelsFirst(OperationModel layer) => IsRearrangement;

    /// <summary>Channels that go out.</summary>
    public virtual Count Output(OperationModel layer) => layer.Input;

    /// <summary>How it changes the size; null if it does not.</summary>
    public virtual SizeStep? Step(OperationModel layer) => null;

    /// <summary>
    /// Of a convolution, or a kind that autograd differentiates: the edge of the window of input voxels, around an output voxel's own
    /// place, that it reads in evaluation mode, an expression; null where that may be all of them or nobody knows.
    /// </summary>
    public virtual string? Window(OperationModel layer) => null;

    /// <summary>Its numbers and what they may be.</summary>
    public virtual IEnumerable<NumberRule> Numbers(DeclaredOperation operation) => [];

    /// <summary>What channels have to be a multiple of.</summary>
    public virtual IEnumerable<DivisorRule> Divisors(OperationModel layer) => [];

    /// <summary>Numbers that other numbers of it limit.</summary>
    public virtual IEnumerable<LimitRule> Limits(OperationModel layer) => [];

    /// <summary>The C# type of its module.</summary>
    public virtual string ModuleType(OperationModel layer) => "";

    /// <summary>The expression that makes its module; <c>device</c> and <c>dtype</c> are at hand.</summary>
    public virtual string Construct(OperationModel layer) => "";

    /// <summary>The expression that applies it to <paramref name="x"/>, as part of a graph where gradients are enabled: a new tensor.</summary>
    /// <remarks>The input stays as it is, others may read it; in place is <see cref="ApplyInPlace"/>.</remarks>
    /// <param name="layer">The layer.</param>
    /// <param name="module">The field of its module.</param>
    /// <param name="x">The input's expression.</param>
    public abstract string Apply(OperationModel layer, string module, string x);

    /// <summary>The statement that applies it to <paramref name="x"/> in place; null if there is none.</summary>
    public virtual string? ApplyInPlace(OperationModel layer, string x) => null;

    /// <summary>The expression of a rearrangement's inverse.</summary>
    public virtual string Invert(OperationModel layer, string x) => throw new NotSupportedException(Attribute);

    /// <summary>How generated code differentiates it.</summary>
    public virtual AdjointForm Adjoint(OperationModel layer) => IsRearrangement ? AdjointForm.Rearrangement : AdjointForm.Graph;

    /// <summary>Of a kind that autograd differentiates: what memory that takes.</summary>
    public virtual GraphMemory Memory => default;

    /// <summary>Of a rectifier: what negative numbers are multiplied by.</summary>
    public virtual double Slope(OperationModel layer) => 0;

    /// <summary>In words: <c>Conv3d 6→50 kernel 3</c>.</summary>
    public virtual string Describe(OperationModel layer, Func<Count, string> show) => Attribute;

    protected static string Real(double value) => Naming.Literal(value);
}
