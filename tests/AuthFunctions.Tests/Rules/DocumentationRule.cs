using System.Text.RegularExpressions;

namespace AuthFunctions.Tests.Rules;

/// <summary>Public types everywhere, and every public member in Protocol, Storage and options, say what they are.</summary>
internal static partial class DocumentationRule
{
    public static IEnumerable<string> Violations(SourceFile file)
    {
        var (lines, code) = (file.Text.Split('\n'), file.Code.Split('\n'));
        var membersToo = file.Folder is "Protocol" or "Storage" || file.Name.EndsWith("Options", StringComparison.Ordinal);
        for (var i = 0; file.IsCSharp && i < lines.Length; i++)
        {
            var isType = Type().IsMatch(code[i]);

            // A registration, and a record's or enum's own line, say by their name what they are; a function's doc is its class's.
            if ((isType || (membersToo && Member().IsMatch(code[i]))) && !IsRegistration(file, code[i]) && !IsDocumented(lines, i))
            {
                yield return $"{file.Path}:{i + 1}: {lines[i].Trim()} has no doc comment.";
            }
        }
    }

    private static bool IsRegistration(SourceFile file, string line) => line.Contains($"class {file.Folder}Registration", StringComparison.Ordinal);

    private static bool IsDocumented(string[] lines, int index)
    {
        do
        {
            index--;
        }
        while (index >= 0 && lines[index].TrimStart().StartsWith('['));
        return index >= 0 && lines[index].TrimStart().StartsWith("///", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\s*public\s+(?:(?:sealed|abstract|static|partial|readonly)\s+)*(?:class|record|struct|interface|enum|delegate)\b")]
    private static partial Regex Type();

    [GeneratedRegex(@"^\s+public\s+(?!override\b)")]
    private static partial Regex Member();
}
