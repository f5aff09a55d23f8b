using System.Text.RegularExpressions;

namespace AuthFunctions.Tests.Rules;

/// <summary>File names are the index: what a file is called says what is in it, and the other way round.</summary>
internal static partial class FileRule
{
    private const int MaxLines = 400;
    private const int MaxLineLength = 150;

    public static IReadOnlyList<string> Violations(IReadOnlyList<SourceFile> files) =>
    [
        .. files.SelectMany(Violations),
        .. files.GroupBy(f => Path.GetFileName(f.Path), StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)
            .Select(g => $"{string.Join(" and ", g.Select(f => f.Path))} have one name."),
    ];

    public static IEnumerable<string> Violations(SourceFile file)
    {
        var lines = file.Text.Split('\n');
        if (lines.Length > MaxLines)
        {
            yield return $"{file.Path} has {lines.Length} lines; {MaxLines} are the most.";
        }

        foreach (var (line, number) in lines.Select((line, i) => (line.TrimEnd('\r'), i + 1)).Where(l => l.Item1.Length > MaxLineLength))
        {
            yield return $"{file.Path}:{number} has {line.Length} characters; {MaxLineLength} are the most.";
        }

        if (!file.IsCSharp)
        {
            yield break;
        }

        var expected = string.Join('.', file.Folder.Split('/', StringSplitOptions.RemoveEmptyEntries).Prepend("AuthFunctions"));
        if (Namespace().Match(file.Code) is var match && match.Groups[1].Value != expected)
        {
            yield return $"{file.Path} must be in namespace {expected}, but is in '{match.Groups[1].Value}'.";
        }

        foreach (var fault in NameFaults(file))
        {
            yield return $"{file.Path}: {fault}";
        }
    }

    private static IEnumerable<string> NameFaults(SourceFile file)
    {
        var functions = FunctionName().Matches(file.Uncommented).Select(m => m.Groups[1].Value).ToList();
        if (functions.Count > 0 || file.Name.EndsWith("Function", StringComparison.Ordinal))
        {
            if (functions is not [var name] || name + "Function" != file.Name || !Declares(file, "public sealed", file.Name))
            {
                yield return "XFunction.cs holds class XFunction with the one function X.";
            }
        }

        // IGrant.cs itself declares the interface.
        if (file.Name != "IGrant" && (file.Name.EndsWith("Grant", StringComparison.Ordinal) || GrantBase().IsMatch(file.Code))
            && !(file.Name.EndsWith("Grant", StringComparison.Ordinal) && GrantBase().IsMatch(file.Code) && Declares(file, "public sealed", file.Name)))
        {
            yield return "a grant is a class <Name>Grant in <Name>Grant.cs.";
        }

        if ((RowMade().IsMatch(file.Code) || StoreClass().IsMatch(file.Code)) && file.Folder != "Storage"
            && !(file.Name.EndsWith("Store", StringComparison.Ordinal) && Declares(file, "public sealed", file.Name)))
        {
            yield return "rows are made by class YStore in YStore.cs.";
        }

        if ((file.Name.EndsWith("Options", StringComparison.Ordinal) || Section().IsMatch(file.Code))
            && (!file.Name.EndsWith("Options", StringComparison.Ordinal) || !Declares(file, "public sealed", file.Name)
                || Section().Match(file.Uncommented).Groups[1].Value + "Options" != file.Name))
        {
            yield return "settings section Z is class ZOptions in ZOptions.cs, with const Section = \"Z\".";
        }

        if ((file.Name.EndsWith("Registration", StringComparison.Ordinal) || AddMethod().IsMatch(file.Code))
            && (file.Name != file.Folder + "Registration" || !AddMethod().Matches(file.Code).Any(m => m.Groups[1].Value == file.Folder)))
        {
            yield return "the registration of folder F is FRegistration.cs with AddF.";
        }
    }

    private static bool Declares(SourceFile file, string modifiers, string type) =>
        Regex.IsMatch(file.Code, $@"\b{modifiers} (?:partial )?(?:class|record) {type}\b");

    [GeneratedRegex(@"^namespace\s+([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\[Function\(\s*""([^""]*)""")]
    private static partial Regex FunctionName();

    [GeneratedRegex(@"\bclass\s+\w+[^{;]*:\s*(?:[\w.<>]+\s*,\s*)*IGrant\b")]
    private static partial Regex GrantBase();

    [GeneratedRegex(@"\bnew\s+Row\s*\(|\bRow\s+\w+\([^)]*\)\s*=>\s*new\s*\(")]
    private static partial Regex RowMade();

    [GeneratedRegex(@"\bclass\s+\w+Store\b")]
    private static partial Regex StoreClass();

    [GeneratedRegex(@"\bconst\s+string\s+Section\s*=\s*""([^""]*)""")]
    private static partial Regex Section();

    [GeneratedRegex(@"\bstatic\s+IServiceCollection\s+Add(\w+)\s*\(\s*this\b")]
    private static partial Regex AddMethod();
}
