using System.Globalization;

namespace Iqt.Generators.Parsing;

/// <summary>
/// A network's declaration as a text that generated code leaves on the class, for compilations that can't see its private
/// members. A line for each hyperparameter, member and operation; tabs part the fields.
/// </summary>
internal static class DeclarationText
{
    private const string Internal = "internal";

    public static string Write(Declaration declaration)
    {
        List<string> lines = [Line("network", declaration.Name, Text(declaration.InputChannels), Text(declaration.Dimensions))];
        foreach (DeclaredHyperparameter h in declaration.Hyperparameters)
        {
            lines.Add(Line("hyperparameter", h.Property.Name, Text(h.Default), h.Property.Summary));
        }

        foreach (DeclaredMember member in declaration.Members)
        {
            lines.Add(Line("member", member.Name, member.Property.Summary, member.Wiring.IsOutput ? "output" : "", member.Wiring.Strategy?.Strategy ?? ""));
            lines.AddRange(member.Wiring.Sources.Select(s => Line(["sources", s.Attribute, .. s.Names])));
            foreach (DeclaredOperation operation in member.Operations)
            {
                lines.Add(Line("operation", operation.Attribute));
                lines.AddRange(operation.Arguments.Select(a => Line("argument", a.Name, Text(a.Value))));
                lines.AddRange(operation.Types.Select(t => Line(["type", t.Code, t.Name, t.Role.ToString(), t.Constructor is { } c ? string.Join(" ", c) : "-", Text(t.Shape.Dimensions), t.Shape.Multiple.ToString(CultureInfo.InvariantCulture), Text(t.Shape.Smallest), .. t.IsInternal ? [Internal] : Array.Empty<string>()])));
            }
        }

        return string.Join("\n", lines);
    }

    /// <summary>The declaration that a text describes; null if it is not one of these texts, or another version's.</summary>
    public static Declaration? Read(string text, string className)
    {
        try
        {
            return ReadLines(text, className);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or IndexOutOfRangeException or ArgumentException)
        {
            return null;
        }
    }

    private static Declaration? ReadLines(string text, string className)
    {
        List<string[]> lines = [.. text.Split('\n').Select(line => line.Split('\t').Select(Unescape).ToArray())];
        if (lines[0][0] != "network")
        {
            return null;
        }

        List<DeclaredHyperparameter> hyperparameters = [];
        List<DeclaredMember> members = [];
        foreach (string[] line in lines.Skip(1))
        {
            if (line[0] == "hyperparameter")
            {
                hyperparameters.Add(new(Property(line[1], "int", line[3]), Number(line[2]), default));
            }
            else if (line[0] == "member")
            {
                var wiring = new DeclaredWiring(default, line[3] == "output" ? 0 : null, line[4].Length == 0 ? null : new(0, line[4]), default);
                members.Add(new(Property(line[1], "Segment", line[2]), default, wiring));
            }
            else
            {
                members[members.Count - 1] = Extend(members[members.Count - 1], line);
            }
        }

        var type = new DeclaredClass("", className, default, className, "", true, null, true, false, DeclaredSurroundings.None);
        return new Declaration(DeclarationKind.Network, type, lines[0][1], Value(lines[0][2]), Number(lines[0][3]), new(hyperparameters), new(members));
    }

    private static DeclaredMember Extend(DeclaredMember member, string[] line)
    {
        DeclaredOperation? last = member.Operations.LastOrDefault();
        DeclaredMember WithLast(DeclaredOperation changed) => member with { Operations = new(member.Operations.Take(member.Operations.Count - 1).Append(changed)) };
        return line[0] switch
        {
            "sources" => member with { Wiring = member.Wiring with { Sources = new(member.Wiring.Sources.Append(new(0, line[1], new(line.Skip(2))))) } },
            "operation" => member with { Operations = new(member.Operations.Append(new(member.Operations.Count, line[1], default, default))) },
            "argument" when last is not null && Value(line[2]) is { } setting => WithLast(last with { Arguments = new(last.Arguments.Append(new(line[1], setting))) }),
            "type" when last is not null => WithLast(last with { Types = new(last.Types.Append(Type(line))) }),
            _ => member,
        };
    }

    private static DeclaredType Type(string[] line)
    {
        EquatableArray<string>? constructor = line[4] == "-" ? null : new EquatableArray<string>(line[4].Split([' '], StringSplitOptions.RemoveEmptyEntries).AsEnumerable());
        return new(line[1], line[2], (TypeRole)Enum.Parse(typeof(TypeRole), line[3]), constructor, new(Number(line[5]), long.Parse(line[6], CultureInfo.InvariantCulture), Number(line[7]))) { IsInternal = line.Length > 8 && line[8] == Internal };
    }

    private static DeclaredProperty Property(string name, string type, string summary) => new(name, "private", type, type, summary, null, "get", false);

    private static string Line(params string[] fields) => string.Join("\t", fields.Select(Escape));

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(Setting? setting) => setting switch
    {
        { Number: { } number } => "n" + Text(number),
        { Real: { } real } => "r" + real.ToString("R", CultureInfo.InvariantCulture),
        { Flag: { } flag } => flag ? "f1" : "f0",
        { Text: { } text } => "t" + text,
        _ => "",
    };

    private static Setting? Value(string text) => text.Length == 0 ? null : text[0] switch
    {
        'n' => Setting.Of(Number(text.Substring(1))),
        'r' => new Setting(null, null, Real: double.Parse(text.Substring(1), CultureInfo.InvariantCulture)),
        'f' => new Setting(null, null, Flag: text == "f1"),
        _ => new Setting(null, text.Substring(1)),
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Escape(string field) => field.Replace("\\", "\\\\").Replace("\t", "\\t").Replace("\n", "\\n");

    private static string Unescape(string field)
    {
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < field.Length; i++)
        {
            bool escaped = field[i] == '\\' && i + 1 < field.Length;
            text.Append(!escaped ? field[i] : field[++i] switch { 't' => '\t', 'n' => '\n', var other => other });
        }

        return text.ToString();
    }
}
