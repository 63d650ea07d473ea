namespace Iqt.Generators.Diagnostics;

/// <summary>
/// Where an editor finds the page of a rule: in the folder <c>diagnostics</c> beside this assembly, which the build
/// and the package put there. So the link works offline and always shows the page of the version in use.
/// </summary>
internal static class RulePages
{
    /// <summary>The page's address, for example <c>file:///…/diagnostics/IQT001.md</c>.</summary>
    /// <remarks>Loaded from memory the assembly has no place: then the page's name is all there is to say.</remarks>
    public static string Link(string rule)
    {
        string page = $"diagnostics/{rule}.md";
        return Path.GetDirectoryName(typeof(RulePages).Assembly.Location) is { Length: > 0 } folder
            ? new Uri(Path.Combine(folder, page)).AbsoluteUri
            : page;
    }
}
