using Iqt.Generators.Models;
using Iqt.Generators.Parsing;
using Iqt.Generators.Validation;

namespace Iqt.Generators.Emission;

/// <summary>
/// Writes the outside of a declaration that breaks a rule, so that the compiler shows that rule and no errors
/// of its own about missing parts. The build fails all the same, unless it runs no analyzers: then whoever uses the class is told.
/// </summary>
internal static class StubEmitter
{
    public static string Emit(Declaration declaration)
    {
        DeclaredClass type = declaration.Class;
        string message = $"Class {type.Name} could not be completed. {DeclarationRules.Fault(declaration)}";
        string body = $"throw new global::System.InvalidOperationException({Naming.Literal(message)})";
        bool isWhole = type.Obstacle is null && type.Surroundings.Shadowing.Count == 0 && !NameRules.Check(declaration).Any();
        string bases = !isWhole ? "" : declaration.Kind == DeclarationKind.Network ? " : Network, IDeclaredNetwork" : " : ResidualFunction";
        CodeWriter code = GeneratedFile.Begin(
            type, "a stand-in, because the declaration breaks a rule", bases, "System.Collections.Generic", "Iqt.Reversible", "Iqt.Reversible.Adjoints", "TorchSharp", "TorchSharp.Modules", "static TorchSharp.torch");
        code.Line("#pragma warning disable // what stands in for a broken declaration is not worth a comment");
        foreach (DeclaredProperty property in declaration.Hyperparameters.Select(h => h.Property).Concat(declaration.Members.Select(m => m.Property)))
        {
            if (property.CanImplement)
            {
                string accessors = string.Join(" ", property.Accessors.Split(' ').Select(accessor => $"{accessor} => {body};"));
                code.Line($"{property.Modifiers} partial {property.TypeCode} {property.Identifier} {{ {accessors} }}".TrimStart());
            }
        }

        // Whatever else is wrong, the class's own code sees the names that it may use.
        if (isWhole)
        {
            Members(code, declaration, body);
        }

        return GeneratedFile.End(code, type);
    }

    private static void Members(CodeWriter code, Declaration declaration, string body)
    {
        string name = declaration.Class.Identifier;
        if (declaration.Kind == DeclarationKind.ResidualFunction)
        {
            code.Line($"public {name}(int channels, Device? device = null, ScalarType? dtype = null) : base(\"\") => {body};");
            code.Line($"public override IReadOnlyList<Layers> Groups => {body};");
            code.Line($"public override Convolution? LastConvolution => {body};");
            code.Line($"public override Tensor Apply(Tensor input, Execution execution) => {body};");
            code.Line($"public override Tensor Run(Tensor input, Tape tape) => {body};");
            code.Line($"public override Tensor? Backward(Tensor input, Tape tape, Tensor gradient, bool wantInputGradient) => {body};");
            return;
        }

        string hyperparameters = string.Concat(declaration.Hyperparameters.Select(h => $"int {Naming.Parameter(h.Property.Name)} = {h.Default}, "));
        code.Line($"public {name}({hyperparameters}Device? device = null, ScalarType? dtype = null) : base(\"\") => {body};");
        code.Line($"public static NetworkDeclaration Declaration => {body};");
        code.Line($"public override IReadOnlyDictionary<string, int> Hyperparameters => {body};");
        code.Line($"public override IReadOnlyList<Segment> Segments => {body};");
        code.Line($"protected override Tensor[] Graph(IReadOnlyList<Tensor> inputs, Execution execution) => {body};");
        code.Line($"protected override ForwardPass RunSegments(IReadOnlyList<Tensor> inputs, SegmentPlan plan, StepOptions options) => {body};");
        foreach (DeclaredHyperparameter taken in declaration.Hyperparameters.Where(h => h.Property.IsTakenOver))
        {
            code.Line($"public int {taken.Property.Identifier} => {body};");
        }
    }
}
