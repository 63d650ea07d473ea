using System.Reflection;

namespace Iqt.Reversible;

/// <summary>The declared networks of some assemblies, by name.</summary>
public sealed class NetworkCatalog
{
    private readonly SortedDictionary<string, NetworkDeclaration> _declarations = new(StringComparer.Ordinal);

    /// <summary>Collects the public declared networks.</summary>
    /// <exception cref="ArgumentException">Two networks have the same name.</exception>
    public NetworkCatalog(IEnumerable<Assembly> assemblies)
    {
        foreach (Type type in assemblies.SelectMany(assembly => assembly.GetExportedTypes()))
        {
            if (type.IsClass && type.IsAssignableTo(typeof(IDeclaredNetwork)))
            {
                PropertyInfo property = type.GetProperty(nameof(IDeclaredNetwork.Declaration), BindingFlags.Public | BindingFlags.Static)!;
                var declaration = (NetworkDeclaration)property.GetValue(null)!;
                if (!_declarations.TryAdd(declaration.Name, declaration))
                {
                    throw new ArgumentException($"Two networks are called '{declaration.Name}': {_declarations[declaration.Name].Type} and {type}. Rename one.");
                }
            }
        }
    }

    /// <summary>All declarations, by name.</summary>
    public IReadOnlyCollection<NetworkDeclaration> Declarations => _declarations.Values;

    /// <summary>The declaration with the given name.</summary>
    /// <exception cref="UnknownNetworkException">There is none; the message lists the names there are.</exception>
    public NetworkDeclaration Find(string name) =>
        _declarations.TryGetValue(name, out NetworkDeclaration? found)
            ? found
            : throw new UnknownNetworkException($"There is no network '{name}'.{Question(name)} Known: {string.Join(", ", _declarations.Keys)}.");

    // Who wrote the class may type its name.
    private string Question(string name) =>
        Declarations.FirstOrDefault(declaration => declaration.Type.Name == name) is { } declared ? $" Did you mean {declared.Name}?" : NearName.Question(name, _declarations.Keys);
}
