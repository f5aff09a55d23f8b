namespace AuthFunctions.Tests.Rules;

public class ForbiddenTests
{
    public static TheoryData<string> Names => [.. ForbiddenRule.All.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_file_says_what_is_forbidden(string name)
    {
        var rule = ForbiddenRule.All.Single(r => r.Name == name);

        Assert.Empty(SourceFile.Under().SelectMany(rule.Violations));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_violation_is_found_and_a_look_alike_is_not(string name)
    {
        var rule = ForbiddenRule.All.Single(r => r.Name == name);

        Assert.NotEmpty(rule.Violations(new("Users/A.cs", rule.Planted)));
        Assert.Empty(rule.Violations(new("Users/A.cs", rule.Innocent)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_exception_is_for_a_file_that_needs_it(string name)
    {
        var rule = ForbiddenRule.All.Single(r => r.Name == name);
        var strict = rule with { Except = [] };

        Assert.All(rule.Except, except => Assert.Contains(
            SourceFile.Under().Where(f => f.Path.StartsWith(except, StringComparison.Ordinal)), f => strict.Violations(f).Any()));
    }
}
