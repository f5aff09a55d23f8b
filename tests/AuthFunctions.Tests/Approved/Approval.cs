using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Approved;

/// <summary>Holds a contract to the file that approves it, so that a change of it shows as a diff. With APPROVE=1 the file is rewritten.</summary>
internal static class Approval
{
    public static void Matches(string file, IEnumerable<string> lines) => MatchesAt("tests/AuthFunctions.Tests/Approved/" + file, lines);

    /// <summary>The same, of a file anywhere in the repository.</summary>
    public static void MatchesAt(string file, IEnumerable<string> lines)
    {
        var path = Path.Combine(Azurite.RepositoryRoot, file);
        var actual = lines.ToList();
        if (Environment.GetEnvironmentVariable("APPROVE") == "1")
        {
            File.WriteAllText(path, string.Join('\n', actual) + "\n");
        }

        var difference = Difference(File.Exists(path) ? File.ReadAllText(path).TrimEnd().Split('\n') : [], actual);
        Assert.True(difference.Count == 0, $"{file} differs; if that is meant, run the tests with APPROVE=1:\n{string.Join('\n', difference)}");
    }

    /// <summary>What was approved and is no more (-), and what is and was not approved (+), each under the line it belongs to.</summary>
    public static IReadOnlyList<string> Difference(IReadOnlyList<string> approved, IReadOnlyList<string> actual)
    {
        var (before, after) = (Qualified(approved), Qualified(actual));
        List<string> difference = [.. before.Except(after).Select(line => "- " + line), .. after.Except(before).Select(line => "+ " + line)];
        return difference.Count > 0 || before.SequenceEqual(after, StringComparer.Ordinal) ? difference : ["the order of the lines, or how often they stand"];
    }

    /// <summary>An indented line with the one that it is under.</summary>
    private static List<string> Qualified(IReadOnlyList<string> lines)
    {
        var under = "";
        return [.. lines.Select(l => l.TrimEnd('\r')).Select(line => line.StartsWith(' ') ? $"{under} /{line}" : under = line)];
    }
}
