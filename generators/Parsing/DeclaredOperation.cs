namespace Iqt.Generators.Parsing;

/// <summary>What one attribute of a member says, as written; the vocabulary knows what it means.</summary>
/// <param name="AttributeIndex">Which of the member's attributes it is, to point a message at it.</param>
/// <param name="Attribute">Its name: <c>Conv3d</c>.</param>
/// <param name="Arguments">Those that were given, by the name of the constructor's parameter or of the property.</param>
/// <param name="Types">Type arguments.</param>
internal sealed record DeclaredOperation(
    int AttributeIndex, string Attribute, EquatableArray<DeclaredArgument> Arguments, EquatableArray<DeclaredType> Types)
{
    /// <summary>The argument of a name, null if it was not given.</summary>
    public Setting? Find(string argument)
    {
        foreach (DeclaredArgument given in Arguments)
        {
            if (given.Name == argument)
            {
                return given.Value;
            }
        }

        return null;
    }
}

internal sealed record DeclaredArgument(string Name, Setting Value);

/// <summary>A type argument: a residual function, or a module of the user's own.</summary>
/// <param name="Code">With its namespace, as generated code elsewhere writes it.</param>
/// <param name="Name">Its plain name, for messages.</param>
/// <param name="Role">What it can be used as.</param>
/// <param name="Constructor">Of a module: the arguments that its constructor takes; null if generated code can't call it.</param>
/// <param name="Shape">Of a residual function: what a stack has to know of it.</param>
internal sealed record DeclaredType(string Code, string Name, TypeRole Role, EquatableArray<string>? Constructor, FunctionShape Shape)
{
    /// <summary>Whether only its own assembly sees it, or that constructor.</summary>
    public bool IsInternal { get; init; }

    /// <summary>Of what an elongated network takes over: the assembly that keeps it to itself; null if it is in reach.</summary>
    public string? HiddenIn { get; init; }
}

/// <summary>What a residual function needs of the tensors that it is given.</summary>
/// <param name="Dimensions">The spatial dimensions it is made for; <see cref="AnyDimensions"/> for both.</param>
/// <param name="Multiple">What its number of channels has to be a multiple of.</param>
/// <param name="Smallest">The shortest edge that it takes.</param>
internal sealed record FunctionShape(int Dimensions, long Multiple, int Smallest)
{
    public const int AnyDimensions = 0;

    /// <summary>Of what is no residual function, or of one that nobody can read.</summary>
    public static FunctionShape Unknown { get; } = new(AnyDimensions, 1, 1);
}

internal enum TypeRole
{
    /// <summary>Neither of the two.</summary>
    Other,

    /// <summary>A mistake that is reported where it was made: a type that does not exist, a residual function that breaks a rule.</summary>
    Broken,

    ResidualFunction,

    Module,

    /// <summary>A declared network, which is a module only once it is completed.</summary>
    Network,
}
