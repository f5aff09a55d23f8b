using AuthFunctions.Users;

namespace AuthFunctions.Tests.Users;

public class EmailAddressTests
{
    [Fact]
    public void The_hash_is_that_of_the_address_trimmed_composed_and_in_lower_case()
    {
        // printf 'zo\u00eb@people.test' | sha256sum, in base64url.
        const string Hash = "nDOBfgu8QlLTl_kLM1tQ-37Ga0q1V-8B2TGfkmh0QfE";

        foreach (var typed in new[] { "zo\u00eb@people.test", "ZO\u00cb@People.Test", "zoe\u0308@people.test", " zo\u00eb@people.test\r\n" })
        {
            Assert.True(EmailAddress.TryParse(typed, out var email), typed);
            Assert.Equal(Hash, email.Hash);
            Assert.Equal(typed.Trim(), email.Typed);
        }
    }

    [Theory]
    [InlineData("a@b.test", "b@b.test")]
    [InlineData("a@b.test", "a@c.test")]
    [InlineData("a.b@c.test", "ab@c.test")]
    [InlineData("a+b@c.test", "a@c.test")]
    public void Different_mailboxes_stay_different(string one, string other)
    {
        Assert.True(EmailAddress.TryParse(one, out var first));
        Assert.True(EmailAddress.TryParse(other, out var second));
        Assert.NotEqual(first.Hash, second.Hash);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("nobody")]
    [InlineData("@people.test")]
    [InlineData("a@")]
    [InlineData("a@b@c.test")]
    [InlineData("a b@people.test")]
    [InlineData("a@people.test, b@people.test")]
    [InlineData("Ada <ada@people.test>")]
    [InlineData("<ada@people.test>")]
    [InlineData("\"a b\"@people.test")]
    [InlineData("a\u0000b@people.test")]
    [InlineData("a@people.test\r\nBcc: c@people.test")]
    [InlineData("a\ufffeb@people.test")]
    public void What_is_not_one_plain_address_is_refused(string? text) => Assert.False(EmailAddress.TryParse(text, out _));

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused() => Assert.False(EmailAddress.TryParse("a" + (char)0xD800 + "b@people.test", out _));

    [Fact]
    public void An_address_has_254_characters_at_most()
    {
        var domain = "@" + string.Join('.', Enumerable.Repeat(new string('d', 60), 3)) + ".test";

        Assert.True(EmailAddress.TryParse(new string('a', 254 - domain.Length) + domain, out _));
        Assert.False(EmailAddress.TryParse(new string('a', 255 - domain.Length) + domain, out _));
    }

    [Fact]
    public void An_address_does_not_print_itself()
    {
        Assert.True(EmailAddress.TryParse("ada@people.test", out var email));
        Assert.Equal("(e-mail address)", $"{email}");
    }
}
