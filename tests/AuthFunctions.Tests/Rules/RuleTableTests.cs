using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Rules;

/// <summary>docs/rules.md, asvs.md and threat-model.md tell what is: every file and every test that they name exists.</summary>
public class RuleTableTests
{
    private const string Good = """
        # Sample
        ## RFC 1
        | rule | kept in | held by |
        |---|---|---|
        | §1: a rule with a `word` | `Protocol/Pkce.cs` · `infra/main.bicep` | `RuleTableTests.What_is_true_is_not_found` · `Rules.RuleTableTests.What_is_wrong_is_found` |
        | §2: a rule that is **not kept** | | |
        """;

    private static readonly Type[] Types = typeof(RuleTableTests).Assembly.GetTypes();

    [Theory]
    [InlineData("rules.md")]
    [InlineData("asvs.md")]
    [InlineData("threat-model.md")]
    public void Every_file_and_test_of_the_tables_exists_and_no_line_goes_without(string page)
    {
        var lines = Lines(page);

        Assert.Empty(lines.SelectMany(line => RuleTable.Faults(line, IsFile, Types)));
    }

    /// <summary>A table that was not read would have no fault.</summary>
    [Theory]
    [InlineData("rules.md", "RFC 9700, section 2", 15)]
    [InlineData("rules.md", "RFC 9700, section 4", 20)]
    [InlineData("rules.md", "RFC 7636", 5)]
    [InlineData("rules.md", "RFC 8252", 5)]
    [InlineData("rules.md", "RFC 8628", 10)]
    [InlineData("rules.md", "RFC 8693", 5)]
    [InlineData("rules.md", "RFC 9126", 10)]
    [InlineData("rules.md", "RFC 9207", 3)]
    [InlineData("rules.md", "RFC 9449", 20)]
    [InlineData("rules.md", "Refused on purpose", 10)]
    [InlineData("asvs.md", "V6 ", 35)]
    [InlineData("asvs.md", "V7 ", 19)]
    [InlineData("asvs.md", "V9 ", 7)]
    [InlineData("asvs.md", "V10 ", 35)]
    [InlineData("threat-model.md", "Sign-in", 12)]
    [InlineData("threat-model.md", "Sessions", 10)]
    [InlineData("threat-model.md", "Handoff", 8)]
    [InlineData("threat-model.md", "OAuth", 12)]
    [InlineData("threat-model.md", "Keys", 5)]
    public void Each_subject_has_its_table(string page, string section, int atLeast)
    {
        var lines = Lines(page);

        Assert.InRange(lines.Count(l => l.Section.StartsWith(section, StringComparison.Ordinal)), atLeast, int.MaxValue);
    }

    [Fact]
    public void What_is_true_is_not_found()
    {
        var lines = RuleTable.Read(Good);

        Assert.Equal(["RFC 1", "RFC 1"], lines.Select(l => l.Section));
        Assert.Empty(lines.SelectMany(line => RuleTable.Faults(line, IsFile, Types)));
    }

    [Theory]
    [InlineData("Protocol/Pkce.cs", "Protocol/Plain.cs", "there is no file Protocol/Plain.cs")]
    [InlineData("infra/main.bicep", "infra/missing.bicep", "there is no file infra/missing.bicep")]
    [InlineData("`RuleTableTests.What", "`RuleTablesTests.What", "there is no class RuleTablesTests")]
    [InlineData("RuleTableTests.What_is_true_is_not_found", "RuleTableTests.What_is_true", "RuleTableTests has no test What_is_true")]
    [InlineData("RuleTableTests.What_is_true_is_not_found", "RuleTableTests.IsFile", "RuleTableTests has no test IsFile")]
    [InlineData("RuleTableTests.What_is_true_is_not_found", "RuleTableTests.Planted", "RuleTableTests has no test Planted")]
    [InlineData("`RuleTableTests.What_is_true_is_not_found`", "`What_is_true_is_not_found`", "there is no class What_is_true_is_not_found")]
    [InlineData("`RuleTableTests.What_is_true_is_not_found`", "`SigninPageTests.X`", "SigninPageTests is the name of more than one class")]
    [InlineData("**not kept**", "kept", "does not say why")]
    [InlineData("| | |", "| |", "but this has 2 cells")]
    public void What_is_wrong_is_found(string old, string spoiled, string fault)
    {
        Assert.Contains(old, Good, StringComparison.Ordinal);
        var lines = RuleTable.Read(Good.Replace(old, spoiled, StringComparison.Ordinal));

        Assert.Contains(fault, Assert.Single(lines.SelectMany(line => RuleTable.Faults(line, IsFile, Types))), StringComparison.Ordinal);
    }

    private static IReadOnlyList<RuleTable.Line> Lines(string page) =>
        RuleTable.Read(File.ReadAllText(Path.Combine(Azurite.RepositoryRoot, "docs", page)));

    /// <summary>A path is below functions/, or begins at the root.</summary>
    private static bool IsFile(string path) =>
        File.Exists(Path.Combine(Azurite.RepositoryRoot, "functions", path)) || File.Exists(Path.Combine(Azurite.RepositoryRoot, path));
}
