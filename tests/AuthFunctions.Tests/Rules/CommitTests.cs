namespace AuthFunctions.Tests.Rules;

public class CommitTests
{
    [Fact]
    public void Every_commit_lists_its_changes()
    {
        var files = SourceFile.Under();

        Assert.Empty(files.SelectMany(CommitRule.Violations));
        Assert.All(CommitRule.Built.Keys, built =>
        {
            var (path, variable) = (built.Split(": ")[0], built.Split(": ")[1]);
            Assert.Contains($".CommitAsync({variable},", files.Single(f => f.Path == path).Code, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("table.CommitAsync(list, ct)")]
    [InlineData("table.CommitAsync(Changes(a, b), ct)")]
    [InlineData("table.CommitAsync(\n    list, ct)")]
    public void A_list_made_elsewhere_is_found(string text) => Assert.Single(CommitRule.Violations(new("Users/A.cs", text)));

    [Theory]
    [InlineData("Users/A.cs", "table.CommitAsync([users.Add(u)], ct)")]
    [InlineData("Users/A.cs", "starter.CommitAsync(\n    [redeemed], user, ct)")]
    [InlineData("Users/A.cs", "// table.CommitAsync(list, ct)")]
    [InlineData("Storage/A.cs", "inner.CommitAsync(changes, ct)")]
    public void A_literal_list_is_not_found(string path, string text) => Assert.Empty(CommitRule.Violations(new(path, text)));
}
