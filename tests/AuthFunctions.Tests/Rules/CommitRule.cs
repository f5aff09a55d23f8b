using System.Text.RegularExpressions;

namespace AuthFunctions.Tests.Rules;

/// <summary>What is committed together is listed where it is committed, so that a reader sees the whole transaction at once.</summary>
internal static partial class CommitRule
{
    /// <summary>Where the list is built up instead, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> Built = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Sessions/SessionStarter.cs: changes"] = "a literal list, to which the root's proof and what makes room are added",
        ["SignIn/SessionOpener.cs: first"] = "SessionStarter's first part: what the caller lists",
        ["Purge/PurgeFunction.cs: batch"] = "deletes of one partition, as the scan finds them",
    };

    public static IEnumerable<string> Violations(SourceFile file)
    {
        // The tables pass on what they are given.
        if (file.Folder == "Storage")
        {
            yield break;
        }

        foreach (Match match in Call().Matches(file.Code))
        {
            var argument = match.Groups[1].Value;
            if (!argument.StartsWith('[') && !Built.ContainsKey($"{file.Path}: {argument}"))
            {
                yield return $"{file.At(match.Index)}: CommitAsync({argument}…) takes no literal list.";
            }
        }
    }

    [GeneratedRegex(@"\.CommitAsync\(\s*(\[|[^,)]*)")]
    private static partial Regex Call();
}
