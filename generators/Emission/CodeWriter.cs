using System.Text;

namespace Iqt.Generators.Emission;

/// <summary>Collects lines of C# with their indentation.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _code = new();
    private int _depth;
    private bool _opened;

    /// <summary>Writes one or several lines at the present depth; no empty line follows an opening brace.</summary>
    public CodeWriter Line(string lines = "")
    {
        if (lines.Length == 0 && _opened)
        {
            return this;
        }

        _opened = false;
        foreach (string line in lines.Split('\n'))
        {
            if (line.Length > 0)
            {
                _code.Append(' ', 4 * _depth).Append(line);
            }

            _code.Append('\n');
        }

        return this;
    }

    /// <summary>Opens a block behind a head line.</summary>
    public CodeWriter Open(string head)
    {
        Line(head).Line("{");
        _depth++;
        _opened = true;
        return this;
    }

    /// <summary>Closes the innermost block.</summary>
    public CodeWriter Close(string behind = "")
    {
        _depth--;
        return Line("}" + behind);
    }

    /// <summary>The text, ending in one line break.</summary>
    public override string ToString() => _code.ToString().TrimEnd('\n') + "\n";
}
