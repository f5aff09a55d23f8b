using System.Text.RegularExpressions;

namespace AuthFunctions.Tests.Rules;

/// <summary>Reads the tables of docs/rules.md and its like, and holds them to the tree and to the tests: what a line names exists, and what it lacks it says.</summary>
internal static partial class RuleTable
{
    /// <summary>One line of a table.</summary>
    /// <param name="Section">The heading above the table.</param>
    /// <param name="Cells">Rule, files and tests, as they are written.</param>
    public sealed record Line(string Section, IReadOnlyList<string> Cells);

    /// <summary>What a line without a test, or without a file, must say.</summary>
    private static readonly string[] Excuses = ["**not kept**", "**not offered**", "**no test**"];

    /// <summary>The lines of all tables, without their heads.</summary>
    public static IReadOnlyList<Line> Read(string text)
    {
        var (lines, section) = (new List<Line>(), "");
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                section = line[3..];
            }
            else if (line.StartsWith("| ", StringComparison.Ordinal) && !line.EndsWith("| kept in | held by |", StringComparison.Ordinal))
            {
                lines.Add(new(section, [.. line.Trim()[1..^1].Split('|').Select(c => c.Trim())]));
            }
        }

        return lines;
    }

    /// <summary>What is wrong with a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="isFile">Whether there is a file of this path.</param>
    /// <param name="types">Where the tests are.</param>
    public static IEnumerable<string> Faults(Line line, Predicate<string> isFile, IReadOnlyList<Type> types)
    {
        if (line.Cells is not [var rule, var files, var tests])
        {
            return [$"{line.Section}: {line.Cells[0]}: a line has rule, files and tests, but this has {line.Cells.Count} cells."];
        }

        var named = Names(files).Select(f => isFile(f) ? null : $"there is no file {f}.").Concat(Names(tests).Select(t => TestFault(t, types)));
        var isExcused = Excuses.Any(excuse => line.Cells.Any(c => c.Contains(excuse, StringComparison.Ordinal)));
        return named.Append(isExcused || (Names(files).Any() && Names(tests).Any()) ? null : "no file or no test is named, and the line does not say why.")
            .Where(fault => fault is not null).Select(fault => $"{line.Section}: {rule}: {fault}");
    }

    /// <summary>Null if the name is that of one test, <c>Class.Method</c> with as much of the namespace before it as tells it apart.</summary>
    private static string? TestFault(string name, IReadOnlyList<Type> types)
    {
        var dot = name.LastIndexOf('.');
        var (type, method) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        return types.Where(t => t.FullName!.EndsWith("." + type, StringComparison.Ordinal)).ToList() switch
        {
            [] => $"there is no class {type}.",
            [var only] when only.GetMethods().Any(m => m.Name == method && m.IsDefined(typeof(FactAttribute), inherit: true)) => null,
            [_] => $"{type} has no test {method}.",
            _ => $"{type} is the name of more than one class.",
        };
    }

    private static IEnumerable<string> Names(string cell) => Quoted().Matches(cell).Select(m => m.Groups[1].Value);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
