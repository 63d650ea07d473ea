using TorchSharp;

namespace Iqt.Reversible;

/// <summary>Makes a network from the values of all its hyperparameters.</summary>
public delegate Network NetworkConstructor(IReadOnlyDictionary<string, int> hyperparameters, torch.Device? device, torch.ScalarType? dtype);

/// <summary>What a declaration says of a network before one is built.</summary>
/// <param name="Name">The name on the command line and in checkpoints.</param>
/// <param name="Summary">The declaration's own words.</param>
/// <param name="Type">The declaring class.</param>
/// <param name="Hyperparameters">In the order of the source.</param>
/// <param name="Construct">The generated constructor.</param>
public sealed record NetworkDeclaration(
    string Name,
    string Summary,
    Type Type,
    IReadOnlyList<HyperparameterDeclaration> Hyperparameters,
    NetworkConstructor Construct)
{
    /// <summary>Builds the network; hyperparameters that are not given have their defaults.</summary>
    /// <exception cref="ArgumentException">A name that is not declared, or a value that does not fit.</exception>
    public Network Create(
        IReadOnlyDictionary<string, int>? hyperparameters = null,
        torch.Device? device = null,
        torch.ScalarType? dtype = null)
    {
        Dictionary<string, int> values = Hyperparameters.ToDictionary(h => h.Name, h => h.Default, StringComparer.OrdinalIgnoreCase);
        foreach ((string name, int value) in hyperparameters ?? new Dictionary<string, int>())
        {
            if (!values.ContainsKey(name))
            {
                string known = Hyperparameters.Count == 0 ? "it has none" : "it has " + string.Join(", ", Hyperparameters.Select(h => h.Name));
                throw new ArgumentException($"Network {Name} has no hyperparameter '{name}': {known}.{NearName.Question(name, Hyperparameters.Select(h => h.Name))}");
            }

            values[name] = value;
        }

        return Construct(values, device, dtype);
    }
}
