namespace AuthFunctions.Tests.Rules;

public class FileTests
{
    [Fact]
    public void Every_file_is_where_and_what_its_name_says() => Assert.Empty(FileRule.Violations(SourceFile.Under()));

    [Theory]
    [InlineData("Http/A.cs", "namespace AuthFunctions.Pages;\nclass A;")]
    [InlineData("Http/A.cs", "class A;")]
    [InlineData("A/LoginFunction.cs", "namespace AuthFunctions.A;\npublic sealed class LoginFunction;")]
    [InlineData("A/LoginFunction.cs", "namespace AuthFunctions.A;\npublic sealed class LoginFunction { [Function(\"SignIn\")] void M(); }")]
    [InlineData("A/Login.cs", "namespace AuthFunctions.A;\npublic sealed class Login { [Function(\"Login\")] void M(); }")]
    [InlineData("A/LoginFunction.cs", "namespace AuthFunctions.A;\npublic sealed class LoginFunction { [Function(\"Login\")] void M(); [Function(\"Out\")] void N(); }")]
    [InlineData("A/LoginFunction.cs", "namespace AuthFunctions.A;\npublic class LoginFunction { [Function(\"Login\")] void M(); }")]
    [InlineData("A/Codes.cs", "namespace AuthFunctions.A;\npublic sealed class Codes(int i) : IGrant;")]
    [InlineData("A/CodeGrant.cs", "namespace AuthFunctions.A;\npublic sealed class CodeGrant;")]
    [InlineData("A/Users.cs", "namespace AuthFunctions.A;\npublic sealed class UserStore;")]
    [InlineData("A/Users.cs", "namespace AuthFunctions.A;\nclass Users { void M() => N(new Row(p, k, c)); }")]
    [InlineData("A/Settings.cs", "namespace AuthFunctions.A;\nclass AOptions { public const string Section = \"A\"; }")]
    [InlineData("A/AOptions.cs", "namespace AuthFunctions.A;\npublic sealed class AOptions { public const string Section = \"B\"; }")]
    [InlineData("A/AOptions.cs", "namespace AuthFunctions.A;\npublic sealed class AOptions;")]
    [InlineData("A/ARegistration.cs", "namespace AuthFunctions.A;\nstatic class ARegistration { static IServiceCollection AddB(this IServiceCollection s); }")]
    [InlineData("A/Services.cs", "namespace AuthFunctions.A;\nstatic class Services { static IServiceCollection AddA(this IServiceCollection s); }")]
    public void A_file_that_is_not_what_its_name_says_is_found(string path, string text) =>
        Assert.Single(FileRule.Violations([new(path, text)]));

    [Theory]
    [InlineData("A/LoginFunction.cs", "namespace AuthFunctions.A;\npublic sealed partial class LoginFunction { [Function(\"Login\")] void M(); }")]
    [InlineData("A/CodeGrant.cs", "namespace AuthFunctions.A;\npublic sealed class CodeGrant(int i) : IGrant;")]
    [InlineData("A/UserStore.cs", "namespace AuthFunctions.A;\npublic sealed class UserStore { Row W() => new Row(p, k, c); }")]
    [InlineData("A/AOptions.cs", "namespace AuthFunctions.A;\npublic sealed class AOptions { public const string Section = \"A\"; }")]
    [InlineData("Program.cs", "namespace AuthFunctions;\nclass Program;")]
    public void A_file_that_is_what_its_name_says_is_not_found(string path, string text) =>
        Assert.Empty(FileRule.Violations([new(path, text)]));

    [Fact]
    public void Two_files_of_one_name_are_found() => Assert.Single(FileRule.Violations(
        [new("Http/Page.cs", "namespace AuthFunctions.Http;"), new("Pages/page.cs", "namespace AuthFunctions.Pages;")]));

    [Fact]
    public void A_file_that_is_too_long_or_too_wide_is_found()
    {
        const string Start = "namespace AuthFunctions;\n";
        Assert.Empty(FileRule.Violations([new("A.cs", Start + new string('\n', 398) + new string('x', 150))]));
        Assert.Single(FileRule.Violations([new("A.cs", Start + new string('\n', 399))]));
        Assert.Single(FileRule.Violations([new("A.cs", Start + new string('x', 151))]));
    }
}
