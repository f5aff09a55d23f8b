namespace AuthFunctions.Tests.Rules;

public class CSharpTextTests
{
    [Theory]
    [InlineData("a(); // b();\nc();", "a();        \nc();")]
    [InlineData("a(); /* b();\n */ c();", "a();        \n    c();")]
    [InlineData("/// <summary>b</summary>\nc();", "                        \nc();")]
    [InlineData("a(\"b\");", "a(\" \");")]
    [InlineData("a(\"b\\\"c\", d);", "a(\"    \", d);")]
    [InlineData("a(@\"b\"\"c\\\", d);", "a(@\"     \", d);")]
    [InlineData("a(\"// b\", c);", "a(\"    \", c);")]
    [InlineData("a('\"', b, '\\'', c);", "a(' ', b, '\\ ', c);")]
    [InlineData("a($\"b{c(\"d\")}e{{f}}\", g);", "a($\" {c(\" \")}      \", g);")]
    [InlineData("a(\"\"\"b \"c\" {d}\"\"\", e);", "a(\"\"\"         \"\"\", e);")]
    [InlineData("a($$\"\"\"{\"b\":\"{{c}}\"}\"\"\", d);", "a($$\"\"\"      {{c}}  \"\"\", d);")]
    [InlineData("a(\"\", b); // c", "a(\"\", b);     ")]
    public void What_is_no_code_is_blanked_place_for_place(string text, string code) =>
        Assert.Equal(code, CSharpText.CodeOnly(text));

    [Fact]
    public void Without_comments_strings_stay() =>
        Assert.Equal("a(\"b // c\");     ", CSharpText.WithoutComments("a(\"b // c\"); // d"));
}
