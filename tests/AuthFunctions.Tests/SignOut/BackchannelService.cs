using System.Text.Json;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;
using static AuthFunctions.Tests.Fixtures.TestService;
using OAuthCalls = AuthFunctions.Tests.Tokens.OAuthCalls;

namespace AuthFunctions.Tests.SignOut;

/// <summary>
/// A service whose clients want to be told: the demo clients but demo-machine and demo-operator, of which demo-web has pairwise subjects. One for the
/// tests of a class, which run one after the other.
/// </summary>
public sealed class BackchannelService : IAsyncLifetime
{
    internal LogoutReceiver Receiver { get; private set; } = null!;

    internal TestService Service { get; private set; } = null!;

    internal static Dictionary<string, string?> Settings(LogoutReceiver receiver) => new()
    {
        ["Clients:0:BackchannelLogoutUri"] = receiver.Url("demo-spa"),
        ["Clients:1:BackchannelLogoutUri"] = receiver.Url("demo-web"),
        ["Clients:1:SubjectType"] = "Pairwise",
        ["Clients:1:SectorIdentifier"] = "web.example",
        ["Clients:4:BackchannelLogoutUri"] = receiver.Url("demo-device"),
        ["Clients:5:BackchannelLogoutUri"] = receiver.Url("demo-partner"),
    };

    public async Task InitializeAsync()
    {
        Receiver = await LogoutReceiver.StartAsync();
        Service = await StartAsync(Settings(Receiver));
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    /// <summary>What clients are told once what is in the queue is delivered.</summary>
    internal async Task<List<Told>> ToldAsync()
    {
        await Service.DeliverAsync();
        return Receiver.Take();
    }

    /// <summary>Tokens for demo-web, by the session of the browser.</summary>
    internal static async Task<JsonElement> WebTokensAsync(Browser browser)
    {
        using var response = await browser.RedeemAtAsync(
            Contoso, OAuthCalls.Web, await browser.CodeAsync(("client_id", "demo-web")), ("client_id", null));
        Assert.Equal(200, (int)response.StatusCode);
        return await response.JsonAsync();
    }

    /// <summary>Tokens for demo-spa at fabrikam, where a handoff has brought the session.</summary>
    internal static async Task<JsonElement> FabrikamTokensAsync(Browser browser)
    {
        var callback = FabrikamApp + "/callback";
        using var response = await browser.GetAsync(Ceremony.UrlAt(Fabrikam, ("redirect_uri", callback)));
        var code = QueryHelpers.ParseQuery(response.Headers.Location!.Query)["code"].ToString();
        using var redeemed = await browser.RedeemAtAsync(Fabrikam, null, code, ("redirect_uri", callback));
        Assert.Equal(200, (int)redeemed.StatusCode);
        return await redeemed.JsonAsync();
    }

    /// <summary>The <c>sid</c> of an ID token.</summary>
    internal static string Sid(JsonElement tokens) => tokens.Claims("id_token").Text("sid");
}
