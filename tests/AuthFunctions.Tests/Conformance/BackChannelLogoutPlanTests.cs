using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.SignOut;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Conformance;

/// <summary>Modelled on <c>oidcc-backchannel-rp-initiated-logout-certification-test-plan</c>.</summary>
public class BackChannelLogoutPlanTests(BackchannelService fixture) : IClassFixture<BackchannelService>
{
    [Fact, Module("oidcc-backchannel-logout-discovery-endpoint-verification")]
    public async Task Discovery_announces_back_channel_logout_with_sessions_and_where_to_sign_out()
    {
        using var browser = fixture.Service.NewBrowser();
        using var response = await browser.GetAsync(Contoso + "/.well-known/openid-configuration");

        var metadata = await response.JsonAsync();

        Assert.True(metadata.GetProperty("backchannel_logout_supported").GetBoolean());
        Assert.True(metadata.GetProperty("backchannel_logout_session_supported").GetBoolean());
        Assert.Equal(Contoso + "/end_session", metadata.Text("end_session_endpoint"));
    }

    [Fact, Module("oidcc-backchannel-rp-initiated-logout")]
    public async Task A_sign_out_that_the_client_asked_for_reaches_its_back_end_and_its_browser_and_leaves_nobody_signed_in()
    {
        using var browser = await fixture.Service.SignedInAsync();
        var tokens = await browser.TokensAsync();

        using var response = await browser.GetAsync(QueryHelpers.AddQueryString(Contoso + "/end_session", new Dictionary<string, string?>
        {
            ["id_token_hint"] = tokens.Text("id_token"), ["post_logout_redirect_uri"] = ContosoApp + "/", ["state"] = "a1B2",
        }));

        // The browser comes back with the state, and with nothing that was not asked for.
        Assert.Equal(ContosoApp + "/?state=a1B2", response.Headers.Location!.OriginalString);

        // The back end is sent one logout token and nothing else, signed as ID tokens are.
        var told = Assert.Single(await fixture.ToldAsync());
        using var jwks = await browser.GetAsync(Contoso + "/.well-known/jwks.json");
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(told.Token, new TokenValidationParameters
        {
            ValidIssuer = Contoso,
            ValidAudience = "demo-spa",
            ValidAlgorithms = ["ES256"],
            ValidateLifetime = false,
            IssuerSigningKeys = new JsonWebKeySet(await jwks.Content.ReadAsStringAsync()).GetSigningKeys(),
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal("{}", told.Claims.GetProperty("events").GetProperty("http://schemas.openid.net/event/backchannel-logout").GetRawText());
        Assert.NotEmpty(told.Claims.Text("jti"));
        Assert.False(told.Claims.TryGetProperty("nonce", out _));
        var idToken = tokens.Claims("id_token");
        Assert.Equal((idToken.Text("sub"), idToken.Text("sid")), (told.Claims.Text("sub"), told.Claims.Text("sid")));

        using var silent = await browser.AuthorizeAsync(("prompt", "none"));
        Ceremony.Errs(silent, "login_required");
    }
}
