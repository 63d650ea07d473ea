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
/// <param name="Dimensions">Of a residual function: the spatial dimensions it is made for; 0 if it takes both.</param>
/// <param name="Multiple">Of a residual function: what its number of channels has to be a multiple of.</param>
internal sealed record DeclaredType(string Code, string Name, TypeRole Role, EquatableArray<string>? Constructor, int Dimensions, int Multiple);

internal enum TypeRole
{
    /// <summary>Neither of the two.</summary>
    Other,

    ResidualFunction,

    Module,
}
