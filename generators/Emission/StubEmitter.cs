using Iqt.Generators.Parsing;

namespace Iqt.Generators.Emission;

/// <summary>
/// Writes the outside of a declaration that breaks a rule, so that the compiler shows that rule and no errors
/// of its own about missing parts. The build fails all the same.
/// </summary>
internal static class StubEmitter
{
    private const string Body = "throw new System.InvalidOperationException(\"The declaration breaks a rule.\")";

    public static string Emit(Declaration declaration)
    {
        bool network = declaration.Kind == DeclarationKind.Network;
        string bases = declaration.Class.Obstacle is not null ? "" : network ? " : Network, IDeclaredNetwork" : " : ResidualFunction";
        CodeWriter code = GeneratedFile.Begin(
            declaration.Class, "a stand-in, because the declaration breaks a rule", bases, "System.Collections.Generic", "Iqt.Reversible", "Iqt.Reversible.Adjoints", "TorchSharp", "TorchSharp.Modules", "static TorchSharp.torch");
        code.Line("#pragma warning disable CS1591 // what stands in for a broken declaration is not worth a comment");
        foreach (DeclaredProperty property in declaration.Hyperparameters.Select(h => h.Property).Concat(declaration.Members.Select(m => m.Property)))
        {
            if (property.CanImplement)
            {
                string type = TypeName(property.Type);
                code.Line(property.Setter is { } setter
                    ? $"{property.Modifiers} partial {type} {property.Name} {{ get => {Body}; {setter} => {Body}; }}"
                    : $"{property.Modifiers} partial {type} {property.Name} => {Body};");
            }
        }

        foreach (DeclaredHyperparameter taken in declaration.Hyperparameters.Where(h => h.Property.IsTakenOver))
        {
            code.Line($"public int {taken.Property.Name} => {Body};");
        }

        if (declaration.Class.Obstacle is null)
        {
            Members(code, declaration, network);
        }

        return code.Close().ToString();
    }

    private static void Members(CodeWriter code, Declaration declaration, bool network)
    {
        string name = declaration.Class.Name;
        if (network)
        {
            string hyperparameters = string.Concat(declaration.Hyperparameters.Select(h => $"int {Naming.Parameter(h.Property.Name)} = {h.Default}, "));
            code.Line($"public {name}({hyperparameters}Device? device = null, ScalarType? dtype = null) : base(\"\") => {Body};");
            code.Line($"public static NetworkDeclaration Declaration => {Body};");
            code.Line($"public override IReadOnlyDictionary<string, int> Hyperparameters => {Body};");
            code.Line($"public override IReadOnlyList<Segment> Segments => {Body};");
            code.Line($"protected override Tensor[] Graph(IReadOnlyList<Tensor> inputs, Execution execution) => {Body};");
            code.Line($"protected override ForwardPass RunSegments(IReadOnlyList<Tensor> inputs, SegmentPlan plan, StepOptions options) => {Body};");
        }
        else
        {
            code.Line($"public {name}(int channels, Device? device = null, ScalarType? dtype = null) : base(\"\") => {Body};");
            code.Line($"public override IReadOnlyList<Layers> Groups => {Body};");
            code.Line($"public override Convolution? LastConvolution => {Body};");
            code.Line($"public override Tensor Apply(Tensor input, Execution execution) => {Body};");
            code.Line($"public override Tensor Run(Tensor input, Tape tape) => {Body};");
            code.Line($"public override Tensor? Backward(Tensor input, Tape tape, Tensor gradient, bool wantInputGradient) => {Body};");
        }
    }

    private static string TypeName(string type) => type == "Int32" ? "int" : type;
}
