using System.Text.RegularExpressions;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.LostResponses;

/// <summary>Finds in the product's source every place that commits, so that none can go without a scenario.</summary>
internal static partial class CommitSites
{
    /// <summary>All of them, as <c>File.Method</c>, with <c>#2</c> and so on for further ones of a method. Storage/ is the seam itself.</summary>
    public static IReadOnlyList<string> OfProduct()
    {
        var root = Path.Combine(Azurite.RepositoryRoot, "functions");
        return
        [
            .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Where(f => Path.GetRelativePath(root, f).Split(Path.DirectorySeparatorChar)[0] is not ("Storage" or "obj" or "bin"))
                .SelectMany(f => In(Path.GetFileNameWithoutExtension(f), File.ReadAllText(f)))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Those of one file.</summary>
    public static IEnumerable<string> In(string file, string source)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Match call in Call().Matches(source))
        {
            // A member of a class is indented by four; an expression body can hold the call on the same line.
            var method = Member().Matches(source).Last(m => m.Index < call.Index).Groups[1].Value;
            seen[method] = seen.GetValueOrDefault(method) + 1;
            yield return seen[method] == 1 ? $"{file}.{method}" : $"{file}.{method}#{seen[method]}";
        }
    }

    [GeneratedRegex(@"(?<!Task<Commit> )\bCommitAsync\(")]
    private static partial Regex Call();

    [GeneratedRegex(@"^ {4}(?:public|private|internal|protected) [^=;{(]*?\b(\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Member();
}
