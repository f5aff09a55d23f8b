using System.Text.RegularExpressions;

namespace AuthFunctions.Tests.Rules;

/// <summary>Private fields: camelCase without a prefix, but PascalCase for what never changes. As .editorconfig says, which only an editor shows.</summary>
internal static partial class FieldRule
{
    public static IEnumerable<string> Violations(SourceFile file) =>
        from match in Field().Matches(file.Code)
        let modifiers = match.Groups[1].Value
        let name = match.Groups[2].Value
        let isFixed = modifiers.Contains("const", StringComparison.Ordinal)
            || (modifiers.Contains("static", StringComparison.Ordinal) && modifiers.Contains("readonly", StringComparison.Ordinal))
        where isFixed ? !char.IsAsciiLetterUpper(name[0]) : !char.IsAsciiLetterLower(name[0])
        select $"{file.At(match.Groups[2].Index)}: field {name} must begin with {(isFixed ? "an upper" : "a lower")}-case letter.";

    [GeneratedRegex(@"^[ ]+private\s+((?:(?:static|readonly|volatile|const)\s+)*)(?:[\w.?]+(?:<[^;=(]*>)?(?:\[\])?\??|\([^;=]*\)(?:\[\])?)\s+(\w+)\s*(?:;|=[^>])", RegexOptions.Multiline)]
    private static partial Regex Field();
}
