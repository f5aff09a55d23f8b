namespace AuthFunctions.Tests.Rules;

public class DocumentationTests
{
    [Fact]
    public void What_others_use_says_what_it_is() => Assert.Empty(SourceFile.Under().SelectMany(DocumentationRule.Violations));

    [Theory]
    [InlineData("Protocol/A.cs", "\npublic sealed class A;")]
    [InlineData("Users/A.cs", "\npublic abstract record A\n{\n}")]
    [InlineData("Storage/A.cs", "// no doc\npublic interface A;")]
    [InlineData("Protocol/A.cs", "/// <summary>A.</summary>\npublic class A\n{\n    public const string B = \"\";\n}")]
    [InlineData("Users/AOptions.cs", "/// <summary>A.</summary>\npublic class AOptions\n{\n    public int B { get; set; }\n}")]
    [InlineData("Users/A.cs", "\n[Flags]\npublic enum A\n{\n}")]
    public void A_missing_doc_comment_is_found(string path, string text) => Assert.Single(DocumentationRule.Violations(new(path, text)));

    [Theory]
    [InlineData("Users/A.cs", "/// <summary>A.</summary>\n[Flags]\npublic enum A\n{\n}")]
    [InlineData("Users/A.cs", "/// <summary>A.</summary>\npublic class A\n{\n    public int B { get; set; }\n}")]
    [InlineData("Users/A.cs", "internal class A;")]
    [InlineData("Users/UsersRegistration.cs", "public static class UsersRegistration\n{\n}")]
    [InlineData("Users/A.cs", "x = \"\"\"\n    public class A\n    \"\"\";")]
    public void A_doc_comment_or_none_needed_is_not_found(string path, string text) =>
        Assert.Empty(DocumentationRule.Violations(new(path, text)));
}
