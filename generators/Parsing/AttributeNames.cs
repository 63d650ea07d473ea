namespace Iqt.Generators.Parsing;

/// <summary>Metadata names of the attributes that declarations are written with, beside those of the vocabulary.</summary>
internal static class AttributeNames
{
    public const string Namespace = "Iqt.Reversible";
    public const string Network = "NetworkAttribute";
    public const string Elongate = "ElongateAttribute`1";
    public const string ResidualFunction = "ResidualFunctionAttribute";
    public const string Hyperparameter = "HyperparameterAttribute";
    public const string Description = "DeclarationDescriptionAttribute";

    /// <summary>With the namespace, as the compiler asks for it.</summary>
    public static string Full(string name) => Namespace + "." + name;
}
