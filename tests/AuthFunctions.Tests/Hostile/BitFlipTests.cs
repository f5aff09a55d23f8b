using System.Buffers.Text;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Hostile;

/// <summary>Every single bit of what is signed, sealed or secret, turned: none of it is worth anything, and the original still is.</summary>
public sealed class BitFlipTests(FuzzedParsers parsers) : IClassFixture<FuzzedParsers>
{
    [Theory]
    [InlineData("access token")]
    [InlineData("ID token")]
    [InlineData("handoff token")]
    [InlineData("client assertion")]
    [InlineData("request object")]
    [InlineData("DPoP proof")]
    [InlineData("sealed request")]
    [InlineData("nonce")]
    public async Task A_token_with_one_bit_turned_is_none(string name)
    {
        var parser = await parsers.ParserAsync(name);
        var genuine = parser.Valid[0];
        foreach (var flipped in Flips(genuine))
        {
            Assert.True(await parser.Reads(flipped) is null, flipped);
        }

        Assert.True(await parser.Reads(genuine));
    }

    [Fact]
    public async Task A_session_handle_with_one_bit_turned_is_nobody_s()
    {
        using var owner = await parsers.Service.SignedInAsync();
        using var thief = parsers.Service.NewBrowser();
        var genuine = owner.Cookie(Contoso, "__Host-sid")!;
        foreach (var flipped in Flips(genuine, "sid_"))
        {
            thief.Headers["Cookie"] = "__Host-sid=" + flipped;
            using var refused = await thief.GetAsync(Contoso + "/sessions");
            Assert.Equal(401, (int)refused.StatusCode);
        }

        thief.Headers["Cookie"] = "__Host-sid=" + genuine;
        using var taken = await thief.GetAsync(Contoso + "/sessions");
        Assert.Equal(200, (int)taken.StatusCode);
    }

    [Fact]
    public async Task A_refresh_token_with_one_bit_turned_redeems_to_nothing_and_ends_no_session()
    {
        using var client = parsers.Service.NewBrowser();
        var genuine = (await parsers.Service.GrantedAsync("demo-web")).RefreshToken;
        foreach (var flipped in Flips(genuine, "rt_"))
        {
            using var refused = await client.RefreshAsync(OAuthCalls.Web, flipped);
            await refused.RefusedAsync(400, "invalid_grant");
        }

        using var taken = await client.RefreshAsync(OAuthCalls.Web, genuine);
        Assert.Equal(200, (int)taken.StatusCode);
    }

    [Fact]
    public async Task A_code_with_one_bit_turned_redeems_to_nothing_and_does_not_use_it_up()
    {
        using var owner = await parsers.Service.SignedInAsync();
        var genuine = await owner.CodeAsync();
        foreach (var flipped in Flips(genuine, "code_"))
        {
            using var refused = await owner.RedeemAsync(flipped);
            await refused.RefusedAsync(400, "invalid_grant");
        }

        using var taken = await owner.RedeemAsync(genuine);
        Assert.Equal(200, (int)taken.StatusCode);
    }

    /// <summary>The text with each bit turned of what its parts are base64url of.</summary>
    private static IEnumerable<string> Flips(string text, string prefix = "")
    {
        var parts = text[prefix.Length..].Split('.');
        for (var part = 0; part < parts.Length; part++)
        {
            var bytes = Base64Url.DecodeFromChars(parts[part]);
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                yield return prefix + string.Join('.', parts.Select((p, i) => i == part ? Base64Url.EncodeToString(bytes) : p));
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }
}
