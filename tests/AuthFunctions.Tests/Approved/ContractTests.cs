using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using AuthFunctions.SigningKeys;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Account;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using AuthFunctions.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Approved;

public sealed class ContractTests : IDisposable
{
    private readonly ConcurrentQueue<RecordingTable.Written> written = new();
    private readonly ECDsa clientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => clientKey.Dispose();

    [Fact]
    public void Routes_are_as_approved() => Approval.Matches(
        "routes.txt",
        [
            .. Contract.Endpoints.Select(e => $"{e.Endpoint} {e.Function}"), .. Contract.Timers.Select(t => $"timer {t.Schedule} {t.Function}"),
            .. Contract.Queues.Select(q => $"queue {q.Queue} {q.Function}"),
        ]);

    [Fact]
    public void Settings_are_as_approved() => Approval.Matches(
        "settings.txt", Contract.Settings.Select(s => $"{s.Name} {Contract.NameOf(s.Type)} {Contract.TextOf(s.Default)}".TrimEnd()));

    [Fact]
    public async Task Metadata_are_as_approved()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var response = await browser.GetAsync(Contoso + "/.well-known/openid-configuration");

        Approval.Matches("metadata.txt", (await response.JsonAsync()).EnumerateObject().Select(m => $"{m.Name} {m.Value.GetRawText()}"));
    }

    /// <summary>By what is written while the service goes through all its flows: a column that no flow writes is none.</summary>
    [Fact]
    public async Task Tables_are_as_approved()
    {
        await UseAsync();

        var kinds = written.GroupBy(w => w.Kind, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        Approval.Matches("tables.txt", kinds.SelectMany(kind => kind.SelectMany(row => row.Columns).Distinct().OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => $"  {c.Key} {c.Value}{(kind.All(row => row.Columns.ContainsKey(c.Key)) ? "" : "?")}").Prepend(kind.Key)));
        Assert.Equal(TableNames.All, kinds.Select(k => k.Key.Split(' ')[0]).Distinct(StringComparer.Ordinal));
    }

    private async Task UseAsync()
    {
        await using var service = await StartAsync(
            new()
            {
                ["Sites:contoso:CookieMode"] = "Stateful",
                ["Sites:fabrikam:CookieMode"] = "Stateless",
                ["Clients:4:Jwks"] = PublicKey(),
                ["Clients:5:SubjectType"] = "Pairwise",
                ["Clients:0:Resources:0"] = "https://orders.example",
                ["Clients:6:ClientId"] = "demo-tv",
                ["Clients:6:Sites:0"] = "contoso",
                ["Clients:6:GrantTypes:0"] = DeviceCeremony.GrantType,
                ["Clients:6:Resources:0"] = "https://orders.example",
            },
            services =>
            {
                services.Replace(ServiceDescriptor.Singleton<IKeySource, DevelopmentKeys>());
                services.Replace(ServiceDescriptor.Singleton<TableFactory>(name => new ConfirmingTable(new RecordingTable(name, new MemoryTable(), written))));
            });
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        browser.Headers["User-Agent"] = "a browser";

        // Failures, then a sign-in in place of the session; and over to the other site, in Stateless mode, to be refreshed there.
        using var stranger = service.NewBrowser();
        (await stranger.PostAsync(Contoso + "/login", new { email, password = "a wrong password" })).Dispose();
        (await browser.PostAsync(Contoso + "/login", new { email, password = Password })).Dispose();
        var url = $"{Contoso}/handoff?to=fabrikam";
        while (!url.StartsWith(FabrikamApp, StringComparison.Ordinal))
        {
            using var step = await browser.GetAsync(url);
            Assert.Equal(303, (int)step.StatusCode);
            url = step.Headers.Location!.ToString();
        }

        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var refreshed = await browser.PostAsync(Fabrikam + "/refresh");
        Assert.Equal(200, (int)refreshed.StatusCode);

        // A client's code and its redemption, a consent, and a pushed request that is used.
        await browser.TokensAsync(("resource", "https://orders.example"));
        using var asked = await browser.AuthorizeAsync([.. Ceremony.AsPartner, ("nonce", null)]);
        (await browser.ConsentAsync(asked)).Dispose();
        using var key = new DpopKey(service);
        using var bound = await key.FormAsync(
            browser, "/token", null, ("grant_type", "authorization_code"), ("client_id", "demo-spa"), ("redirect_uri", Ceremony.Callback),
            ("code", await browser.CodeAsync(("dpop_jkt", key.Thumbprint), ("claims", """{"id_token":{"email":null},"userinfo":{"name":null}}"""))), ("code_verifier", Ceremony.Verifier));
        Assert.Equal(200, (int)bound.StatusCode);
        using var pushed = await browser.FormAsync(Contoso + "/par", null, Ceremony.Request());
        (await browser.GetAsync(PushedRequestTests.PushedUrl((await pushed.TextAsync("request_uri"))!))).Dispose();

        // Two devices: one that polls too early and is refused, one that is let in.
        var tv = ("client_id", (string?)"demo-tv");
        foreach (var choice in new[] { "deny", "allow" })
        {
            using var asking = await browser.AskToBeLetInAsync(tv, ("scope", null), ("resource", choice == "allow" ? "https://orders.example" : null));
            var waiting = await asking.JsonAsync();
            (await browser.PollAsync(Ceremony.Text(waiting, "device_code"), tv)).Dispose();
            (await browser.AnswerAsync(Ceremony.Text(waiting, "user_code"), choice)).Dispose();
            (await browser.PollAsync(Ceremony.Text(waiting, "device_code"), tv)).Dispose();
        }

        // Links to another address and to another password.
        (await browser.PostAsync(Contoso + "/account/email", new { email = NewEmail(), password = Password })).Dispose();
        (await browser.FormOfAsync(Contoso + "/forgot", ("email", email))).Dispose();
        await service.DeliverAsync();

        // A native app, a stolen handoff token's burnt row, sign-out, a client by its key, an operator who blocks.
        using var native = await service.NewBrowser().PostAsync(Contoso + "/login", new { email, password = Password, transport = "body" }, null);
        Assert.Equal(200, (int)native.StatusCode);
        await BurnAsync(service, browser);
        (await browser.PostAsync(Contoso + "/logout/all")).Dispose();
        using var byKey = await service.NewBrowser().FormAsync(
            Contoso + "/revoke", null, ("token", "x"), ("client_assertion", Assertion(service)),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
        Assert.Equal(200, (int)byKey.StatusCode);
        await BlockAsync(service, email);

        // An orphan of a registration that died is barred by a tombstone; and a registration that waits for its confirmation.
        var directory = service.Get<UserDirectory>();
        Assert.True(EmailAddress.TryParse(NewEmail(), out var orphan));
        Assert.True(await directory.TryClaimAsync(orphan, Protocol.Id.New(), default));
        service.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await directory.TryClaimAsync(orphan, Protocol.Id.New(), default));
        await using var confirming = await StartAsync(
            new() { ["Accounts:ConfirmEmail"] = "true" },
            services => services.Replace(ServiceDescriptor.Singleton<TableFactory>(
                name => new ConfirmingTable(new RecordingTable(name, new MemoryTable(), written)))));
        foreach (var name in new[] { "With Name", null })
        {
            using var registered = await confirming.NewBrowser().PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password, name });
            Assert.Equal(202, (int)registered.StatusCode);
        }

        // A mail whose time is past is given up.
        await confirming.RequeueAsync(TimeSpan.FromHours(25));
    }

    private static async Task BurnAsync(TestService service, Browser browser)
    {
        using var start = await browser.GetAsync($"{Fabrikam}/handoff/start?from=contoso&return_to={Uri.EscapeDataString(FabrikamApp + "/")}");
        using var minted = await browser.GetAsync(start.Headers.Location!.ToString());
        using var elsewhere = await service.NewBrowser().GetAsync(minted.Headers.Location!.ToString());
        Assert.Equal(400, (int)elsewhere.StatusCode);
    }

    private static async Task BlockAsync(TestService service, string email)
    {
        using var operators = service.NewBrowser();
        using var token = await operators.FormAsync(Contoso + "/token", ("demo-operator", "demo-operator-secret"), ("grant_type", "client_credentials"));
        operators.Headers["Authorization"] = new AuthenticationHeaderValue("Bearer", await token.TextAsync("access_token")).ToString();
        using var found = await operators.GetAsync(Contoso + "/manage/users?email=" + Uri.EscapeDataString(email));
        var id = (await found.JsonAsync()).GetProperty("users")[0].GetProperty("id").GetString();
        using var blocked = await operators.PostAsync($"{Contoso}/manage/users/{id}/block");
        Assert.Equal(204, (int)blocked.StatusCode);
    }

    private string PublicKey()
    {
        var key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(clientKey.ExportParameters(false))));
        return JsonSerializer.Serialize(new { keys = new[] { new { kty = "EC", crv = "P-256", x = key.X, y = key.Y } } });
    }

    private string Assertion(TestService service) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "demo-device",
        Audience = Contoso,
        Claims = new Dictionary<string, object> { ["sub"] = "demo-device", ["jti"] = "once" },
        Expires = service.Clock.GetUtcNow().AddMinutes(1).UtcDateTime,
        SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(clientKey), SecurityAlgorithms.EcdsaSha256),
    });
}
