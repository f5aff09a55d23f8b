namespace AuthFunctions.Tests.Rules;

public class LayerTests
{
    private static readonly SourceFile Page = new("Pages/Page.cs", "namespace AuthFunctions.Pages;\npublic static class Page;");
    private static readonly SourceFile Login = new("SignIn/Login.cs", "namespace AuthFunctions.SignIn;\npublic class Login;");

    [Fact]
    public void Every_folder_uses_only_folders_of_a_lower_layer() => Assert.Empty(LayerRule.Violations(SourceFile.Under()));

    [Theory]
    [InlineData("Http/A.cs", "using AuthFunctions.Pages;")]
    [InlineData("Http/A.cs", "using static AuthFunctions.Pages.Page;")]
    [InlineData("Http/A.cs", "using P = AuthFunctions.Pages.Page;")]
    [InlineData("Http/A.cs", "global using AuthFunctions.Pages;")]
    [InlineData("Http/A.cs", "class A { AuthFunctions.Pages.Page p; }")]
    [InlineData("Http/A.cs", "class A { global::AuthFunctions.Pages.Page p; }")]
    [InlineData("Http/A.cs", "class A { Pages.Page p; }")]
    [InlineData("Http/A.cs", "class A { string s = $\"{Pages.Page.Title}\"; }")]
    [InlineData("Tokens/A.cs", "using AuthFunctions.Pages;")]
    [InlineData("Handoff/A.cs", "using AuthFunctions.SignIn;")]
    [InlineData("Handoff/A.cs", "class A { SignIn.Login l; }")]
    [InlineData("Pages/A.razor", "@using AuthFunctions.SignIn")]
    [InlineData("Pages/A.razor", "@code { SignIn.Login l; }")]
    [InlineData("Helpers/A.cs", "class A;")]
    [InlineData("Http/Inner/A.cs", "class A;")]
    [InlineData("A.cs", "class A;")]
    public void A_use_of_a_higher_or_equal_layer_is_found(string path, string text) =>
        Assert.Single(LayerRule.Violations([new(path, text), Page, Login]));

    [Theory]
    [InlineData("SignIn/A.cs", "using AuthFunctions.Pages;\nclass A { Pages.Page p; }")]
    [InlineData("Pages/A.cs", "namespace AuthFunctions.Pages;\nclass A { Pages.Page p; }")]
    [InlineData("Http/A.cs", "/// <summary><see cref=\"Pages.Page\"/></summary>\nclass A;")]
    [InlineData("Http/A.cs", "class A { string s = \"AuthFunctions.Pages\"; }")]
    [InlineData("Http/A.cs", "class A { string s = Pages.Count; }")]
    [InlineData("Http/A.cs", "class A { string s = http.Pages.Page; }")]
    [InlineData("Program.cs", "using AuthFunctions.Pages;")]
    public void Other_uses_are_not_found(string path, string text) =>
        Assert.Empty(LayerRule.Violations([new(path, text), Page, Login]));
}
