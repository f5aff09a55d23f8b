using AuthFunctions.Users;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Tests.Users;

public class PasswordPolicyTests
{
    [Theory]
    [InlineData("a long enough password")]
    [InlineData("qzvxkjwpfmhgbtd")]
    [InlineData("               spaces count too")]
    [InlineData("日本語のパスワードは長くても良い")]
    public void A_password_needs_length_and_nothing_else(string password) => Assert.Null(Fault(password));

    [Theory]
    [InlineData("qzvxkjwpfmhgbt", 14)]
    [InlineData("", 0)]
    public void A_short_one_is_refused_with_the_limits_and_its_length(string password, int length) =>
        Assert.Equal($"The password must have 15 to 256 characters, but has {length}.", Fault(password));

    [Fact]
    public void Length_is_counted_in_code_points_after_normalisation()
    {
        const string Tail = "qzvxkjwpfmhgbt";

        // One emoji is two UTF-16 units and one character; a composed letter counts as one however it was typed.
        Assert.Null(Fault(Tail + "\U0001F512"));
        Assert.NotNull(Fault(Tail[1..] + "\U0001F512"));
        Assert.Null(Fault(Tail + "e\u0301"));
        Assert.NotNull(Fault(Tail[1..] + "e\u0301"));

        // 256 emojis are 512 units.
        var emojis = string.Concat(Enumerable.Range(0x1F400, 256).Select(char.ConvertFromUtf32));
        Assert.Null(Fault(emojis));
        Assert.Equal("The password must have 15 to 256 characters, but has 257.", Fault(emojis + "x"));
    }

    [Fact]
    public void What_is_not_Unicode_is_refused() => Assert.Equal("The password is not valid Unicode.", Fault("a lone half \ud83d of a pair"));

    [Theory]
    [InlineData("ada.lovelace is my name")]
    [InlineData("My Name Is ADA.LOVELACE!")]
    [InlineData("write to ada.lovelace@people.test")]
    [InlineData("ａｄａ．ｌｏｖｅｌａｃｅ is wide")]
    public void One_that_contains_the_address_is_refused(string password) =>
        Assert.Equal("The password must not contain the e-mail address.", Fault(password));

    [Fact]
    public void A_local_part_of_three_letters_is_no_part_of_a_secret() => Assert.Null(Fault("the ada of my youth", "ada@people.test"));

    [Theory]
    [InlineData("passwordpassword")]
    [InlineData("PasswordPassword")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("abcabcabcabcabcabc")]
    [InlineData("abcdabcdabcdabcd")]
    [InlineData("123456789012345")]
    [InlineData("987654321098765")]
    [InlineData("abcdefghijklmnop")]
    [InlineData("ponmlkjihgfedcba")]
    [InlineData("ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ")]
    [InlineData("qwertyuiopqwertyuiop")]
    public void Common_ones_and_plain_variations_of_them_are_refused(string password) =>
        Assert.Equal("The password is one of the most common ones.", Fault(password));

    [Theory]
    [InlineData("password")]
    [InlineData("PASSWORD1")]
    [InlineData("iloveyou")]
    public void The_list_holds_from_the_floor_on(string password)
    {
        Assert.Equal("The password is one of the most common ones.", Fault(password, minLength: 8));
        Assert.Null(Fault("xkqzvwpf", minLength: 8));
    }

    private static string? Fault(string password, string address = "ada.lovelace@people.test", int minLength = 15)
    {
        Assert.True(EmailAddress.TryParse(address, out var email));
        return new PasswordPolicy(Options.Create(new PasswordsOptions { MinLength = minLength }), new CommonPasswords())
            .Check(password, email, "password")?.Detail;
    }
}
