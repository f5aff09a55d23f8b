using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.UserInfo;

/// <summary>Signed answers (OpenID Connect Core §5.3.2) for clients that have them on.</summary>
public class SignedUserInfoTests
{
    [Fact]
    public async Task The_answer_is_a_JWT_for_the_client_which_passes_for_no_ID_token()
    {
        await using var service = await StartAsync(new() { ["Clients:0:UserinfoSignedResponseAlg"] = "ES256" });
        using var browser = await service.SignedInAsync();
        var tokens = await browser.TokensAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, Contoso + "/userinfo");
        request.Headers.Authorization = new("Bearer", tokens.GetProperty("access_token").GetString());

        using var response = await browser.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/jwt", response.Content.Headers.ContentType!.MediaType);
        var (header, claims) = OAuthCalls.Decode(text);
        Assert.Equal("""{"alg":"ES256","kid":"KID","typ":"userinfo+jwt"}""", header.GetRawText().Replace(service.Keys.Kid, "KID", StringComparison.Ordinal));
        Assert.Equal("aud email email_verified iss name sub", claims.Members());
        Assert.Equal((Contoso, "demo-spa"), (claims.GetProperty("iss").GetString(), claims.GetProperty("aud").GetString()));
        Assert.Equal(tokens.Claims("id_token").GetProperty("sub").GetString(), claims.GetProperty("sub").GetString());
        using var asHint = await browser.AuthorizeAsync(("id_token_hint", text));
        Ceremony.Errs(asHint, "invalid_request");
    }
}
