using System.Globalization;
using System.Text.RegularExpressions;

namespace AuthFunctions.Tests.Approved;

/// <summary>Holds the tables of a README to the code, both ways.</summary>
internal static partial class Readme
{
    private sealed record Line(IReadOnlyList<string> Names, string Second);

    /// <summary>Section Endpoints: the first column has each endpoint as <c>METHOD /path</c> in backticks.</summary>
    public static IReadOnlyList<string> EndpointFaults(string readme, IEnumerable<string> endpoints) => Compare(
        "endpoint",
        Table(readme, "Endpoints").SelectMany(l => l.Names).Where(n => Endpoint().IsMatch(n)).Select(n => n.Split('?')[0]),
        endpoints);

    /// <summary>Section Tables: the first column has each table, and each kind of row of table Users, in backticks.</summary>
    /// <param name="readme">The text.</param>
    /// <param name="kinds">Table and kind of row, with a space between: <c>Users session_{id}</c>.</param>
    public static IReadOnlyList<string> TableFaults(string readme, IReadOnlyList<string> kinds)
    {
        var split = kinds.Select(k => k.Split(' ', 2)).ToList();
        var tables = split.Select(k => k[0]).Distinct(StringComparer.Ordinal).ToList();
        var named = Table(readme, "Tables").SelectMany(l => l.Names)
            .Select(n => tables.Contains(n, StringComparer.Ordinal) ? n : RecordingTable.KindOf(n)).Distinct(StringComparer.Ordinal);

        // A table of one kind of row needs no name for it, but may have one.
        var optional = split.Where(k => k[0] != "Users").Select(k => k[1])
            .Except(split.Where(k => k[0] == "Users").Select(k => k[1]), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        return Compare("table or row", named.Where(n => !optional.Contains(n)), [.. tables, .. split.Where(k => k[0] == "Users").Select(k => k[1])]);
    }

    /// <summary>Section Settings: the first column has each setting in backticks, the second its default.</summary>
    public static IReadOnlyList<string> SettingFaults(string readme, IReadOnlyList<Contract.Setting> settings)
    {
        var lines = Table(readme, "Settings");
        return
        [
            .. Compare("setting", lines.SelectMany(l => l.Names), settings.Select(s => s.Name)),
            .. from line in lines
               from name in line.Names
               let setting = settings.FirstOrDefault(s => s.Name == name)
               where setting is not null && !Tells(line.Second, setting.Default)
               select $"The default of {name} is {Contract.TextOf(setting.Default)}, but the README says '{line.Second}'.",
        ];
    }

    /// <summary>True if a cell tells this default, in the code's spelling or as people say it. What has no default may be told in any words.</summary>
    private static bool Tells(string cell, object? value)
    {
        var text = cell.Replace("`", "", StringComparison.Ordinal).Trim();
        string[] accepted = value switch
        {
            bool flag => flag ? ["true", "on", "yes"] : ["false", "off", "no"],
            int number => [number.ToString(CultureInfo.InvariantCulture), number.ToString("N0", CultureInfo.InvariantCulture)],
            TimeSpan span => [span.ToString("c"), .. Spoken(span)],
            _ => [Contract.TextOf(value)],
        };
        return accepted.Any(a => a.Length == 0
            || (text.StartsWith(a, StringComparison.OrdinalIgnoreCase) && !(text.Length > a.Length && (char.IsLetterOrDigit(text[a.Length]) || text[a.Length] == ','))));
    }

    private static IEnumerable<string> Spoken(TimeSpan span) =>
        from unit in new (string Name, TimeSpan Size)[]
        {
            ("day", TimeSpan.FromDays(1)), ("hour", TimeSpan.FromHours(1)), ("minute", TimeSpan.FromMinutes(1)), ("second", TimeSpan.FromSeconds(1)),
        }
        where span.Ticks % unit.Size.Ticks == 0
        let count = span.Ticks / unit.Size.Ticks
        from text in new[] { $"{count} {unit.Name}{(count == 1 ? "" : "s")}", $"{count} {unit.Name[0]}" }
        select text;

    private static List<string> Compare(string what, IEnumerable<string> told, IEnumerable<string> actual)
    {
        var (one, other) = (told.ToList(), actual.Distinct(StringComparer.Ordinal).ToList());
        return
        [
            .. other.Except(one, StringComparer.Ordinal).Select(name => $"The README lacks {what} {name}."),
            .. one.Except(other, StringComparer.Ordinal).Select(name => $"The README has {what} {name}, which the code has not."),
            .. one.GroupBy(name => name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => $"The README has {what} {g.Key} {g.Count()} times."),
        ];
    }

    /// <summary>The lines of the tables under a heading, without their head lines.</summary>
    private static List<Line> Table(string readme, string section)
    {
        var text = Regex.Match(readme.ReplaceLineEndings("\n"), $@"^## {section}[ ]*\n(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        var rows = text.Split('\n').Where(l => l.StartsWith('|')).Select(l => l.Trim().Trim('|').Split('|')).ToList();
        return
        [
            .. rows.Where(cells => cells[0].Contains('`', StringComparison.Ordinal))
                .Select(cells => new Line([.. Quoted().Matches(cells[0]).Select(m => m.Groups[1].Value)], cells.Length > 1 ? cells[1].Trim() : "")),
        ];
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^[A-Z]+ /\S*$")]
    private static partial Regex Endpoint();
}
