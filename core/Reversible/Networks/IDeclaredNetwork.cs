namespace Iqt.Reversible;

/// <summary>A network whose class was completed by the generator.</summary>
public interface IDeclaredNetwork
{
    /// <summary>What the declaration says.</summary>
    static abstract NetworkDeclaration Declaration { get; }
}
