using System.Buffers.Text;
using System.Text;
using AuthFunctions.Protocol;
using static AuthFunctions.Tests.Authorize.Ceremony;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Authorize;

/// <summary>RFC 7636; how requests are refused is tested with the endpoints.</summary>
public class PkceTests
{
    [Fact]
    public void The_example_of_RFC_7636_matches()
    {
        Assert.True(Pkce.IsVerifier(Verifier));
        Assert.True(Pkce.IsChallenge(Challenge));
        Assert.True(Pkce.Matches(Verifier, Challenge));
        Assert.False(Pkce.Matches(Challenge, Challenge));
        Assert.False(Pkce.Matches(Verifier[..^1] + "l", Challenge));
    }

    [Theory]
    [InlineData(42, "", false)]
    [InlineData(43, "", true)]
    [InlineData(128, "", true)]
    [InlineData(129, "", false)]
    [InlineData(43, "-._~", true)]
    [InlineData(43, "+", false)]
    [InlineData(43, "=", false)]
    [InlineData(43, " ", false)]
    [InlineData(43, "é", false)]
    public void A_verifier_has_43_to_128_unreserved_characters(int length, string end, bool accepted) =>
        Assert.Equal(accepted, Pkce.IsVerifier(new string('a', length - end.Length) + end));

    /// <summary>RFC 7636 §4.4: whoever sees what the browser carries must not learn the challenge from it.</summary>
    [Fact]
    public async Task Neither_a_code_nor_a_sealed_request_shows_the_challenge()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var posted = await browser.FormAsync(Contoso + "/authorize", null, Request());
        var code = await browser.CodeAsync();

        foreach (var carried in new[] { code["code_".Length..], Onwards(posted, "/authorize").Split('=')[1] })
        {
            var bytes = Base64Url.DecodeFromChars(carried);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Challenge)));
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Base64Url.DecodeFromChars(Challenge)));
        }
    }
}
